/** Words that only scripts say. Pages say the rest; a third language reads English here. */
const WORDS = {
  en: {
    saved: "Saved on this device",
    restored: "What you had typed is back",
    sending: "Sending",
    sendingPhotos: (done: number, all: number) => `Sending photo ${done} of ${all}`,
    sent: "Sent",
    notSent: (photos: number) =>
      photos
        ? `Not sent yet. The text and ${photos} photos are still on this device.`
        : "Not sent yet. The text is still on this device.",
    offline: "No network. It is kept on this device and can be sent when the network returns.",
    retry: "Try again",
    addPhoto: "Take or choose photos",
    remove: "Remove the file",
    record: "Record your voice",
    recording: "Recording. Press the button again when you have finished.",
    stopRecording: "Stop",
    recordingName: "recording",
    noMicrophone:
      "The microphone cannot be used. Please allow it in the browser, or write instead.",
    filmTooLong: (most: number) =>
      `This film is longer than ${most} seconds. Please send a shorter one.`,
    waiting: "waiting",
    failed: "This file could not be sent yet. It is still here.",
    tooLarge: "This file is too large, or of a kind that is not taken.",
    uploaded: "sent",
    photoPlace: "The photo says where it was taken",
    usePhotoPlace: "Use the place of the photo",
    useMine: "Use my position",
    nearBy: "Named near this point",
    locating: "Looking for your position",
    noPosition: "The device did not give a position. Type the place, or point at it on the map.",
    openMap: "Show on the map",
    closeMap: "Close the map",
    results: (n: number) => (n === 1 ? "1 place" : `${n} places`),
    noResults: "No such place found. A street, a ward or a known place will do.",
    pointOnMap: "Point on the map",
    moveMap: "Move the map until the pin stands on the place",
    twoFingers: "Two fingers move the map",
    zoomIn: "Closer",
    zoomOut: "Farther",
    mapLabel: "Map. Arrow keys move it, plus and minus zoom.",
    mapFailed: "The map cannot be drawn here. The list says the same.",
    cluster: (n: number) => `${n} reports here, show them`,
    change: "Change",
    guessed: "Looks like",
    letters: (used: string, most: string) => `${used} of ${most} characters`,
    tooLong: (over: string) => `${over} characters too many. Please shorten it.`,
    live: "Live, last news at",
    liveLost: "No live link since",
    liveWait: "Connecting",
    news: (n: number) => (n === 1 ? "1 change" : `${n} changes`),
    kb: "kB",
    outboxWaits: (at: string) =>
      `A report written at ${at} waits on this device. It is sent by itself when the network returns.`,
    outboxSent: (at: string, number: string) => `Your report was sent at ${at}: ${number}`,
    outboxKept: "Kept on this device",
    outboxPromise: (closed: boolean) =>
      `There is no network now. The report and its photos stay on this device and are sent once, when the network returns. ${
        closed ? "You may close this page." : "Keep this page open, or open this site again then."
      }`,
    outboxNext: "Write another report",
    outboxRefused: "A report could not be taken as it is. Something is missing.",
    outboxOpen: "Open",
    outboxMend: "Complete it",
    outboxNow: "Send now",
    outboxHide: "Hide",
    pushOn: "Tell me when there is news",
    pushOff: "Stop these notices",
    pushBusy: "One moment",
    pushIsOn: "This device will be told.",
    pushFailed:
      "This did not work. Private windows cannot receive notices; elsewhere please check the network and try again.",
    pushBlocked:
      "Notices of this site are blocked in this browser. To allow them, open the site's settings beside its address, then load this page again.",
    pushNeedsHttps: "Notices to this device need a secure address (https).",
    pushHomeScreen:
      "To get notices on this phone, first add this site to the home screen (Share, Add to Home Screen).",
    pushUnsupported: "This browser cannot receive notices. This page always shows what is new.",
  },
  vi: {
    saved: "Đã lưu trên máy",
    restored: "Đã khôi phục nội dung đang nhập",
    sending: "Đang gửi",
    sendingPhotos: (done: number, all: number) => `Đang gửi ${done}/${all} ảnh`,
    sent: "Đã gửi",
    notSent: (photos: number) =>
      photos
        ? `Chưa gửi được. Nội dung và ${photos} ảnh vẫn ở trên máy này.`
        : "Chưa gửi được. Nội dung vẫn ở trên máy này.",
    offline: "Không có mạng. Nội dung được giữ trên máy này và gửi được khi có mạng lại.",
    retry: "Thử lại",
    addPhoto: "Chụp hoặc chọn ảnh",
    remove: "Bỏ tệp này",
    record: "Ghi âm",
    recording: "Đang ghi âm. Nói xong, xin bấm nút này lần nữa.",
    stopRecording: "Dừng",
    recordingName: "ghi-am",
    noMicrophone: "Chưa dùng được micrô. Xin cho phép trong trình duyệt, hoặc viết thay cho nói.",
    filmTooLong: (most: number) => `Video dài quá ${most} giây. Xin gửi đoạn ngắn hơn.`,
    waiting: "đang chờ",
    failed: "Chưa gửi được tệp này. Tệp vẫn còn ở đây.",
    tooLarge: "Tệp quá lớn hoặc không phải loại được nhận.",
    uploaded: "đã gửi",
    photoPlace: "Ảnh có ghi nơi chụp",
    usePhotoPlace: "Dùng nơi chụp ảnh",
    useMine: "Dùng vị trí của tôi",
    nearBy: "Tên gọi gần điểm này",
    locating: "Đang tìm vị trí",
    noPosition: "Máy chưa cho biết vị trí. Xin gõ địa điểm hoặc chỉ trên bản đồ.",
    openMap: "Xem trên bản đồ",
    closeMap: "Đóng bản đồ",
    results: (n: number) => `${n} địa điểm`,
    noResults: "Chưa tìm thấy nơi này. Có thể gõ tên đường, phường, xã hoặc nơi nhiều người biết.",
    pointOnMap: "Chỉ trên bản đồ",
    moveMap: "Di chuyển bản đồ cho đến khi ghim nằm đúng chỗ",
    twoFingers: "Dùng hai ngón tay để di chuyển bản đồ",
    zoomIn: "Phóng to",
    zoomOut: "Thu nhỏ",
    mapLabel: "Bản đồ. Phím mũi tên để di chuyển, cộng và trừ để phóng to, thu nhỏ.",
    mapFailed: "Máy này chưa vẽ được bản đồ. Danh sách bên cạnh có cùng nội dung.",
    cluster: (n: number) => `${n} việc ở đây, xem từng việc`,
    change: "Đổi",
    guessed: "Có vẻ là",
    letters: (used: string, most: string) => `${used}/${most} ký tự`,
    tooLong: (over: string) => `Dài quá ${over} ký tự. Xin viết gọn lại.`,
    live: "Cập nhật trực tiếp, tin cuối lúc",
    liveLost: "Mất kết nối trực tiếp từ",
    liveWait: "Đang kết nối",
    news: (n: number) => `${n} thay đổi`,
    kb: "kB",
    outboxWaits: (at: string) =>
      `Phản ánh viết lúc ${at} đang chờ trên máy này. Khi có mạng, phản ánh được tự động gửi.`,
    outboxSent: (at: string, number: string) => `Phản ánh đã được gửi lúc ${at}: ${number}`,
    outboxKept: "Đã giữ phản ánh trên máy này",
    outboxPromise: (closed: boolean) =>
      `Hiện không có mạng. Nội dung và ảnh được giữ trên máy; khi có mạng, phản ánh được tự động gửi, đúng một lần. ${
        closed
          ? "Ông/bà có thể đóng trang này."
          : "Xin giữ trang này mở, hoặc mở lại trang của thành phố khi có mạng."
      }`,
    outboxNext: "Viết phản ánh khác",
    outboxRefused: "Một phản ánh chưa gửi được vì còn thiếu thông tin.",
    outboxOpen: "Mở xem",
    outboxMend: "Bổ sung",
    outboxNow: "Gửi ngay",
    outboxHide: "Ẩn",
    pushOn: "Báo cho tôi khi có tin mới",
    pushOff: "Thôi báo tin này",
    pushBusy: "Xin chờ một chút",
    pushIsOn: "Máy này sẽ nhận được tin.",
    pushFailed:
      "Chưa thực hiện được. Cửa sổ ẩn danh không nhận được thông báo; nếu không phải, xin kiểm tra mạng rồi thử lại.",
    pushBlocked:
      "Trình duyệt đang chặn thông báo của trang này. Để cho phép, xin mở phần cài đặt trang web cạnh ô địa chỉ, rồi tải lại trang.",
    pushNeedsHttps:
      "Muốn nhận thông báo trên máy này, trang phải được mở bằng địa chỉ an toàn (https).",
    pushHomeScreen:
      "Để nhận thông báo trên điện thoại này, xin thêm trang vào màn hình chính trước (Chia sẻ, Thêm vào MH chính).",
    pushUnsupported: "Trình duyệt này chưa nhận được thông báo. Trang này luôn có tin mới nhất.",
  },
};

// A worker has no page: there the browser's own language speaks.
const language =
  typeof document === "undefined" ? navigator.language : document.documentElement.lang;

export const words = WORDS[language.startsWith("vi") ? "vi" : "en"] ?? WORDS.en;

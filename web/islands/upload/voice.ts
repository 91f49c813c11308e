import { icon, make } from "../dom";
import { words } from "../words";

const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
// Speech stays clear at this rate: two minutes are some 360 kB.
const RATE = 24_000;

/** Whether this browser can record here; elsewhere a file control takes the phone's own recorder. */
export function canRecord(): boolean {
  return typeof MediaRecorder !== "undefined" && Boolean(navigator.mediaDevices?.getUserMedia);
}

/** A button that records for at most `seconds` and gives the recording to `take`. */
export function recordButton(seconds: number, take: (file: File) => void): HTMLElement {
  const button = make("button", { type: "button", class: "button" });
  const said = make("p", { class: "small", role: "status" });
  let running: MediaRecorder | null = null;

  const rest = () => {
    running = null;
    button.classList.remove("button-recording");
    button.replaceChildren(icon("mic"), words.record);
  };
  rest();
  button.addEventListener("click", async () => {
    if (running) {
      running.stop();
      return;
    }
    said.textContent = "";
    try {
      running = await begin(seconds, button);
      said.textContent = words.recording;
      take(await recorded(running));
      said.textContent = "";
    } catch {
      said.textContent = words.noMicrophone;
    }
    rest();
  });
  return make("div", { class: "voice" }, button, said);
}

async function begin(seconds: number, button: HTMLElement): Promise<MediaRecorder> {
  const sound = await navigator.mediaDevices.getUserMedia({ audio: true });
  const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
  const recorder = new MediaRecorder(sound, { mimeType, audioBitsPerSecond: RATE });
  const started = performance.now();
  const tick = () => {
    const passed = Math.floor((performance.now() - started) / 1000);
    button.replaceChildren(icon("square"), `${words.stopRecording} ${clock(seconds - passed)}`);
    if (passed >= seconds && recorder.state === "recording") recorder.stop();
  };
  button.classList.add("button-recording");
  tick();
  const timer = window.setInterval(tick, 500);
  recorder.addEventListener("stop", () => {
    window.clearInterval(timer);
    for (const track of sound.getTracks()) track.stop();
  });
  recorder.start(1000);
  return recorder;
}

function recorded(recorder: MediaRecorder): Promise<File> {
  const parts: Blob[] = [];
  recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
  return new Promise((resolve) => {
    recorder.addEventListener("stop", () => {
      const type = (parts[0]?.type || recorder.mimeType).split(";")[0] ?? "";
      const suffix = type.endsWith("mp4") ? "m4a" : (type.split("/")[1] ?? "webm");
      resolve(new File(parts, `${words.recordingName}.${suffix}`, { type }));
    });
  });
}

function clock(seconds: number): string {
  const left = Math.max(0, seconds);
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}

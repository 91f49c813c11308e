"""A conversation of few words: what is asked, what is filed, what is added."""

import pytest
from django.test import Client

from tests.channels.conftest import HOLE, Doors, jpeg
from thudo.channels import jobs
from thudo.channels.models import Conversation, Incoming, Outgoing
from thudo.channels.rules.talk import Heard, Spot, Talk, Words, hear
from thudo.connectors.dummy import Manner
from thudo.files.models import Attachment
from thudo.petitions.models import Petition, Petitioner

WORDS = Words(track=("tra", "tra cuu"), fresh=("moi",), skip=("khong",), stop=("huy",))
SQUARE = Spot(105.05, 21.05, "w1", "1 High Street")


def says(talk: Talk, text: str = "", **more: object) -> tuple[Talk, str]:
    def locate(said: str) -> Spot:
        return SQUARE if "High Street" in said else Spot()

    after, move = hear(
        talk,
        Heard(text, **more),
        WORDS,
        locate=locate,
        is_danger=lambda said: "cháy" in said,  # type: ignore[arg-type]
    )
    return after, move.kind


@pytest.mark.parametrize(
    ("said", "move"),
    [
        ("Chào", "ask_text"), ("", "greet"), (HOLE, "ask_place"), (f"{HOLE} 1 High Street", "file"),
        ("Nhà tôi đang cháy lớn", "file"), ("cháy nhà", "file"), ("TRA 56 88 56 15 62", "tell"), ("Tra cứu: 5688561562", "tell"),
        ("huỷ", "forget"), (f"Mới {HOLE}", "ask_place"), ("tra tấn tinh thần vì tiếng ồn cả đêm", "ask_place"),
    ],
)  # fmt: skip
def test_the_first_word(said: str, move: str) -> None:
    assert says(Talk(), said)[1] == move


@pytest.mark.parametrize(
    ("said", "words"),
    [("1 High Street", "1 High Street"), ("gần nhà ông Ba", "gần nhà ông Ba"), ("Không", "")],
)
def test_the_answer_to_where_files_it(said: str, words: str) -> None:
    asked, _move = says(Talk(), HOLE)
    talk, move = says(asked, said)
    assert (move, talk.spot.words, talk.text) == ("file", words, HOLE)


def test_a_photo_first_waits_for_words_and_a_point_is_enough_of_a_place() -> None:
    talk, move = says(Talk(), files=("1",))
    assert move == "ask_text"
    talk, move = says(talk, HOLE)
    assert move == "ask_place"
    talk, move = says(talk, spot=SQUARE)
    assert (move, talk.files, talk.spot) == ("file", ("1",), SQUARE)


def test_after_the_filing_words_are_added_until_something_new_is_said() -> None:
    filed = Talk(number="5688561562")
    assert says(filed, "Thêm một ảnh nữa")[1] == "add"
    assert says(filed, f"MỚI: {HOLE}")[1] == "ask_place"


@pytest.mark.usefixtures("located")
class TestThroughTheDoors:
    """Webhooks in, answers out, over real sockets."""

    def text(self, doors: Doors, key: str, text: str, sender: str = "0912000111") -> int:
        body, signed = doors.sms.incoming(key, sender, text)
        found = Client().post(
            "/channels/sms/messages", body, "application/json", headers={"x-signature": signed}
        )
        doors.read()
        return found.status_code

    def event(self, doors: Doors, name: str, key: str, **message: object) -> int:
        body, signed = doors.zalo.event(name, key, "user-1", **message)
        found = Client().post(
            "/channels/zalo/events",
            body,
            "application/json",
            headers={"x-zevent-signature": signed},
        )
        doors.read()
        return found.status_code

    def let_zalo_in(self, doors: Doors) -> None:
        from thudo.channels.actions import keep_tokens
        from thudo.connectors.zalo import Tokens

        keep_tokens("zalo", Tokens("", "refresh-0", 0), at=doors.clock.at)

    def test_a_short_message_is_asked_for_its_place_and_filed(
        self, doors: Doors, settings: object
    ) -> None:
        assert self.text(doors, "1", HOLE) == 200
        self.text(doors, "2", "1 High Street")

        petition = Petition.objects.get()
        assert (petition.channel, petition.place, petition.area) == ("sms", "1 High Street", "w1")
        assert Petitioner.objects.get().phone_hash
        (_to, asked), (to, filed) = doors.sms.sent.values()
        assert to == "0912000111"
        assert asked.isascii()
        assert f"/petitions/{petition.number}/" in filed

    def test_a_cry_is_filed_at_once_and_told_whom_to_call(self, doors: Doors) -> None:
        self.text(doors, "1", "Cháy nhà")
        self.text(doors, "2", "1 High Street")

        petition = Petition.objects.get()
        told, added = [text for _to, text in doors.sms.sent.values()]
        assert "114 (chua chay)" in told
        assert "Xin ong/ba nhan ngay dia diem" in told
        assert petition.text == "Cháy nhà"
        assert "bo sung" in added

    def test_how_a_petition_stands(self, doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
        self.track(monkeypatch)
        self.text(doors, "1", f"{HOLE} 1 High Street")
        number = Petition.objects.get().number
        self.text(doors, "2", f"TRA {number}", sender="0999888777")
        self.text(doors, "3", "TRA 1234567890", sender="0999888777")

        told = [text for to, text in doors.sms.sent.values() if to == "0999888777"]
        assert "Don vi phu trach" in told[0]
        assert "Khong co phan anh" in told[1]
        assert Petition.objects.count() == 1

    def track(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from thudo.channels.actions import talking

        monkeypatch.setattr(talking, "keywords", lambda: WORDS)

    def test_zalo_text_photo_and_position(
        self, doors: Doors, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.let_zalo_in(doors)
        monkeypatch.setattr(jobs, "fetch", lambda url, limit: jpeg())
        photo = {"type": "image", "payload": {"url": "https://zalo.example/1.jpg"}}
        point = {
            "type": "location",
            "payload": {"coordinates": {"longitude": "105.05", "latitude": "21.05"}},
        }

        assert self.event(doors, "user_send_image", "1", attachments=[photo]) == 200
        self.event(doors, "user_send_text", "2", text=HOLE)
        self.event(doors, "user_send_location", "3", attachments=[point], text="")
        self.event(doors, "user_send_text", "4", text="Sáng nay có người ngã ở đây.")

        petition = Petition.objects.get()
        assert (petition.channel, petition.area) == ("zalo", "w1")
        assert Attachment.objects.get().subject_id == str(petition.pk)
        assert len(doors.zalo.sent) == 4
        assert "bổ sung" in doors.zalo.sent[-1][1]
        assert doors.zalo.renewed == 1

    def test_the_same_event_again_is_the_same(self, doors: Doors) -> None:
        self.let_zalo_in(doors)
        for _time in range(3):
            assert self.event(doors, "user_send_text", "1", text=f"{HOLE} 1 High Street") == 200

        assert Petition.objects.count() == Outgoing.objects.count() == 1

    def test_an_unfinished_conversation_is_filed_as_it_stands(self, doors: Doors) -> None:
        self.text(doors, "1", HOLE)
        doors.clock.forward(minutes=31)
        jobs.end_conversations()
        doors.read()

        assert Petition.objects.get().area == ""
        assert not Conversation.objects.exists()
        assert len(doors.sms.sent) == 2

    def test_forged_messages_are_turned_away(self, doors: Doors) -> None:
        body, _signed = doors.sms.incoming("1", "0912000111", HOLE)
        for signature in ("", "sha256=00", "mac=00", "é"):
            headers = {"x-signature": signature, "x-zevent-signature": signature}
            for path in ("sms/messages", "zalo/events"):
                found = Client().post(
                    f"/channels/{path}", body, "application/json", headers=headers
                )
                assert found.status_code == 403
        assert not Incoming.objects.exists()

    def test_shut_doors_are_not_there(self, doors: Doors, settings: object) -> None:
        settings.CHANNELS = {}  # type: ignore[attr-defined]
        for path in ("sms/messages", "zalo/events"):
            assert Client().post(f"/channels/{path}", b"{}", "application/json").status_code == 404

    def test_signed_nonsense_is_refused(self, doors: Doors) -> None:
        from thudo.connectors.signing import signature

        for body in (b"[]", b"{}", b"\xff", b'{"id":"1","from":"x","text":"y"}'):
            signed = {"x-signature": signature(doors.sms.secret, body)}
            found = Client().post(
                "/channels/sms/messages", body, "application/json", headers=signed
            )
            assert found.status_code == 422

    BAD = (Manner.TIME_OUT, Manner.REFUSE, Manner.TWICE, Manner.LATE, Manner.LOSE_REPLY)

    def test_whatever_the_gateway_does_a_phone_gets_one_answer(self, doors: Doors) -> None:
        for manner in self.BAD:
            doors.sms.manners.next(manner)
            self.text(
                doors, manner.name, f"{HOLE} 1 High Street", sender=f"09120001{len(manner.name)}"
            )
        doors.clock.forward(minutes=5)
        doors.read()

        assert len(doors.sms.sent) == Petition.objects.count() == len(self.BAD)
        assert not Outgoing.objects.exclude(state="sent").exists()

    def test_whatever_zalo_does_nothing_is_lost(self, doors: Doors) -> None:
        self.let_zalo_in(doors)
        for manner in self.BAD:
            doors.zalo.manners.next(manner)
            self.event(doors, "user_send_text", manner.name, text=f"Mới: {HOLE} 1 High Street")
            doors.clock.forward(hours=2)
        doors.read()

        # Zalo knows no key of ours: a sentence may come twice, a petition never.
        assert Petition.objects.count() == len(self.BAD)
        assert len({text for _user, text in doors.zalo.sent}) == len(self.BAD)
        assert not Outgoing.objects.exclude(state="sent").exists()

    def test_without_a_token_answers_wait(self, doors: Doors) -> None:
        self.event(doors, "user_send_text", "1", text=f"{HOLE} 1 High Street")
        assert Outgoing.objects.get().state == "waiting"
        self.let_zalo_in(doors)
        doors.clock.forward(minutes=5)
        doors.read()
        assert len(doors.zalo.sent) == 1

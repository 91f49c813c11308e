"""A mailbox becomes petitions and additions, whatever happens on the way, each once."""

from email.message import EmailMessage
from typing import Any

import pytest

from tests.channels.conftest import CITY, HOLE, Doors, a_mail
from thudo.channels.models import Door, Incoming, Outgoing
from thudo.connectors import mail_in
from thudo.connectors.dummy import Manner
from thudo.files.models import Attachment
from thudo.petitions.models import Petition, Petitioner

pytestmark = pytest.mark.usefixtures("located")


def answer(doors: Doors) -> EmailMessage:
    (_sender, _to, mail) = doors.mail.taken[-1]
    return mail


def test_a_mail_becomes_a_petition_and_is_answered_at_once(doors: Doors) -> None:
    doors.mailbox.deliver(a_mail(photos=2))

    doors.run()

    petition = Petition.objects.get()
    assert (petition.channel, petition.area, petition.is_public) == ("email", "w1", False)
    assert petition.longitude is not None
    assert Attachment.objects.filter(subject_id=str(petition.pk)).count() == 2
    assert Petitioner.objects.get().email_hash
    sender, to, mail = doors.mail.taken[0]
    body = mail.get_content()
    assert (sender, to) == ("", "an@example.org")
    assert mail["In-Reply-To"] == "<1@phone.example>"
    assert mail["Auto-Submitted"] == "auto-replied"
    assert petition.number in body.replace(" ", "")
    assert f"/petitions/{petition.number}/" in body
    assert "ward-1" in body or "desk" in body
    assert "trước" in body


def test_nothing_is_kept_of_a_mail_once_it_is_a_petition(doors: Doors) -> None:
    doors.mailbox.deliver(a_mail())

    doors.run()

    assert Incoming.objects.get().sealed is None
    assert Outgoing.objects.get().sealed is None


def test_an_answer_to_our_answer_is_added_to_its_petition(doors: Doors) -> None:
    doors.mailbox.deliver(a_mail())
    doors.run()
    ours = answer(doors)
    reply = f"Hôm nay có người ngã.\n\nVào Th 2, 2 thg 3, 2026 City <{CITY}> đã viết:\n> {HOLE}"
    by_id = a_mail(reply, key="2", subject="Re: x", In_Reply_To=ours["Message-ID"])
    by_address = a_mail("Lại thêm một chỗ nữa.", key="3", to=ours["Reply-To"], photos=1)
    doors.mailbox.deliver(by_id)
    doors.mailbox.deliver(by_address)

    doors.run()

    petition = Petition.objects.get()
    case = petition.links.get().case
    notes = _notes(case)
    assert notes == ["Hôm nay có người ngã.", "Lại thêm một chỗ nữa."]
    assert Attachment.objects.filter(subject_id=str(petition.pk), purpose="supplement").count() == 1
    assert len(doors.mail.taken) == 3


def _notes(case: Any) -> list[str]:
    from thudo.cases.models import Note

    return list(
        Note.objects.filter(case=case, kind="reply")
        .order_by("at", "pk")
        .values_list("text", flat=True)
    )


def test_a_forged_mark_opens_nothing(doors: Doors) -> None:
    doors.mailbox.deliver(a_mail())
    doors.run()
    number = Petition.objects.get().number
    forged = f"report+{number}.aaaaaaaaaaaaaaaa@city.example"
    doors.mailbox.deliver(a_mail("Tôi muốn thêm vào phản ánh của người khác.", key="2", to=forged))

    doors.run()

    assert Petition.objects.count() == 2


def test_a_closed_matter_takes_no_more_and_says_so(doors: Doors) -> None:
    from thudo.accounts.rules import Actor
    from thudo.petitions.actions import withdraw_petition

    doors.mailbox.deliver(a_mail())
    doors.run()
    petition = Petition.objects.get()
    opener = Actor("resident", opened=frozenset({petition.number}))
    withdraw_petition(petition, actor=opener, at=doors.clock.at)
    doors.mailbox.deliver(a_mail("Thêm nữa.", key="2", to=answer(doors)["Reply-To"]))

    doors.run()

    assert "đã kết thúc" in answer(doors).get_content()


def test_an_unclear_place_goes_to_the_desk(doors: Doors) -> None:
    doors.mailbox.deliver(a_mail(HOLE))

    doors.run()

    assert Petition.objects.get().area == ""
    assert "Địa điểm chưa xác định" in answer(doors).get_content()


def test_too_little_is_asked_back_and_files_nothing(doors: Doors) -> None:
    doors.mailbox.deliver(a_mail("Alo", subject=""))

    doors.run()

    assert not Petition.objects.exists()
    assert "chưa đủ để lập phản ánh" in answer(doors).get_content()


def test_a_long_letter_is_filed_whole(doors: Doors) -> None:
    words = [f"từ{place}" for place in range(1500)]
    doors.mailbox.deliver(a_mail(f"{HOLE} 1 High Street {' '.join(words)}"))

    doors.run()

    petition = Petition.objects.get()
    told = " ".join([petition.text, *_notes(petition.links.get().case)])
    assert all(word in told.split() for word in words)


def test_odd_attachments_are_named(doors: Doors) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Message-ID"] = "an@example.org", CITY, "<9@x>"
    mail.set_content(f"{HOLE} 1 High Street")
    mail.add_attachment(b"MZ", maintype="application", subtype="x-msdownload", filename="virus.exe")
    mail.add_attachment(
        b"\xff\xd8\xff broken", maintype="image", subtype="jpeg", filename="hỏng.jpg"
    )
    doors.mailbox.deliver(mail.as_bytes())

    doors.run()

    body = answer(doors).get_content()
    assert "virus.exe: không nhận được" in body
    assert "hỏng.jpg" in body
    assert not Attachment.objects.exists()


def test_machines_are_neither_filed_nor_answered(doors: Doors) -> None:
    doors.mailbox.deliver(a_mail(Auto_Submitted="auto-replied"))
    doors.mailbox.deliver(a_mail(sender=CITY, key="2"))

    doors.run()

    assert not Petition.objects.exists()
    assert doors.mail.taken == []
    assert {row.state for row in Incoming.objects.all()} == {"passed"}


def test_one_sender_gets_no_more_than_a_days_answers_and_the_rest_waits_for_a_person(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    from thudo.channels.actions import incoming, letters

    monkeypatch.setattr(letters, "MOST_ANSWERS", 2)
    monkeypatch.setattr(incoming, "MOST_MATTERS", 3)
    for key in range(5):
        doors.mailbox.deliver(a_mail(key=str(key)))

    doors.run()

    assert len(doors.mail.taken) == 2
    assert Petition.objects.count() == 3
    assert Incoming.objects.filter(state="held", sealed__isnull=False).count() == 2


# The five misbehaviours of the mailbox, and what a mailbox may do besides ------------------------

BAD = [Manner.TIME_OUT, Manner.REFUSE, Manner.TWICE, Manner.LATE, Manner.LOSE_REPLY]


def test_whatever_the_mailbox_does_each_mail_is_one_petition(doors: Doors) -> None:
    for count, manner in enumerate(BAD, start=1):
        doors.mailbox.deliver(a_mail(key=manner.name))
        doors.mailbox.manners.next(manner)

        doors.run()
        doors.run()

        assert (manner, Petition.objects.count()) == (manner, count)
    assert len(doors.mail.mailboxes) == len(BAD)


def test_whatever_the_mail_server_does_the_sender_has_one_answer(doors: Doors) -> None:
    for manner in BAD:
        doors.mailbox.deliver(a_mail(key=manner.name))
    doors.mail.manners.next(*BAD)

    doors.run()
    doors.clock.forward(minutes=5)
    doors.run()

    assert len(doors.mail.mailboxes) == len(BAD)
    assert not Outgoing.objects.exclude(state="sent").exists()


def test_a_mail_server_that_says_no_is_shown_to_staff(doors: Doors) -> None:
    doors.mailbox.deliver(a_mail())
    doors.mail.manners.next(Manner.DECLINE)

    doors.run()

    assert Outgoing.objects.get().state == "dropped"


def test_a_renumbered_mailbox_and_a_copy_by_another_way_are_known(doors: Doors) -> None:
    doors.mailbox.deliver(a_mail())
    doors.run()
    doors.mailbox.renumber()
    doors.mailbox.deliver(b"Received: by another.way\r\n" + a_mail())

    doors.run()

    assert Petition.objects.count() == 1
    assert Door.objects.get(name="mail").place == {"validity": 2, "uid": 102}


def test_killed_between_fetch_and_commit_nothing_is_lost_and_nothing_twice(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    from thudo.channels.actions import incoming

    doors.mailbox.deliver(a_mail())
    real = incoming.move_on

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(incoming, "move_on", killed)
    with pytest.raises(KeyboardInterrupt):
        doors.run()
    assert not Incoming.objects.exists()
    monkeypatch.setattr(incoming, "move_on", real)

    doors.run()

    assert Petition.objects.count() == 1


def test_killed_while_it_is_read_the_mail_is_read_again(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    from thudo.channels.actions import letters

    doors.mailbox.deliver(a_mail(photos=1))
    real = letters.put_out

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(letters, "put_out", broken)
    doors.run()
    assert not Petition.objects.exists()
    monkeypatch.setattr(letters, "put_out", real)
    doors.clock.forward(minutes=1)

    doors.run()

    assert Petition.objects.count() == 1
    assert len(doors.mail.taken) == 1


def test_a_mail_that_is_refused_for_now_is_not_passed_over(doors: Doors) -> None:
    doors.mailbox.deliver(a_mail(key="1"))
    doors.mailbox.unready = {1}
    doors.run()
    assert not Incoming.objects.exists()
    doors.mailbox.unready = set()

    doors.run()

    assert Petition.objects.count() == 1


def test_a_mail_that_somebody_deleted_is_asked_for_once(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_in.Mailbox, "uids_after", lambda _box, uid: [7] if uid < 7 else [])

    doors.run()

    assert Door.objects.get(name="mail").place["uid"] == 7


def test_a_huge_mail_is_taken_without_what_is_cut(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    from thudo.channels import jobs

    monkeypatch.setattr(jobs, "MOST_BYTES", 1500)
    doors.mailbox.deliver(a_mail(photos=3))

    doors.run()

    assert Petition.objects.count() == 1
    assert "Thư quá lớn" in answer(doors).get_content()

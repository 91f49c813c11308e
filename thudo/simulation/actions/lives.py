"""The life of one invented matter, from filing to verdict, through the deeds of real people.

A life is a generator: it yields the instant of its next step and takes the step when it is
resumed. Who resumes it decides what it means: at once for a history, in time for a live day.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

from thudo.accounts.rules import Actor
from thudo.cases import actions as cases
from thudo.cases import lifecycle
from thudo.cases.actions import Claim
from thudo.cases.models import Case, Clock
from thudo.deadlines import queries as deadlines
from thudo.directory.queries import directory
from thudo.petitions import actions as petitions
from thudo.petitions.models import Petition
from thudo.simulation import rules
from thudo.simulation.actions.people import checker, desk_clerk, officer, opener
from thudo.simulation.actions.sending import Sender
from thudo.simulation.queries import World
from thudo.simulation.rules import Manner, Matter

Steps = Iterator[datetime]
# Shares of matters, whoever handles them.
WITHDRAWN, ASKED, REPLIED, JUDGED = 0.015, 0.06, 0.7, 0.45
# Chances of each verdict after honest work, and after work on paper only.
HONEST = {"satisfied": 0.66, "acceptable": 0.27, "not_satisfied": 0.07}
ON_PAPER = {"satisfied": 0.05, "acceptable": 0.15, "not_satisfied": 0.8}
UNRESOLVED = {"satisfied": 0.3, "acceptable": 0.5, "not_satisfied": 0.2}
RELAPSES_HONEST, RELAPSES_ON_PAPER = 0.02, 0.45
UPHELD = 0.45
# The ladder's own sweeper fires a clock within seconds of its instant.
_SWEEP_SECONDS = 50


class Life:
    """One matter: `at` is the present instant of its story, `case` the work about it."""

    def __init__(self, world: World, matter: Matter, sender: Sender, *, seed: int) -> None:
        self.world = world
        self.matter = matter
        self.sender = sender
        self.dice = random.Random(f"{seed}:{matter.index}:{matter.depth}")
        self.at = matter.filed_at
        self.pk: UUID | None = None
        self._kept: Case | None = None
        self.number = ""
        self.is_on_paper = False
        # The true instant when the life is lived and not told: deeds then happen at it.
        self.now: datetime | None = None
        self.was_refused = False
        # What comes of it later: the same trouble at the same place, filed anew.
        self.relapse: Matter | None = None

    def steps(self) -> Steps:
        """Everything that happens, with the clocks that fall due meanwhile."""
        yield from self._pause(self.at)
        self._file(self.matter.text, self.at)
        if self.pk is None:
            return
        for echo in self.matter.echoes:
            yield from self._echo(echo)
        if not self.matter.story.is_taken:
            yield from self._turn_down()
        else:
            yield from self._through_intake()
        if self.matter.story.is_taken and self._is_with_handler():
            yield from self._work()
            yield from self._results()
        yield from self._clocks_until(None)

    # Filing ---------------------------------------------------------------------------------

    def _file(self, text: str, at: datetime) -> str:
        receipt = self.sender.file(self.matter, text, self.dice, at=at)
        if not self.number:
            self.number, self.pk = receipt.number, UUID(receipt.case) if receipt.case else None
        return receipt.case

    def _echo(self, at: datetime) -> Steps:
        """Somebody else files the same; the desk joins it to the first one's case."""
        yield from self._until(at)
        text = rules.written(self.matter.story, self.matter.spot, self.world.phrases, self.dice)
        case = self._file(text, self.at)
        if case:
            yield from self._until(self.at + timedelta(minutes=self.dice.randint(10, 90)))
            same = Case.objects.get(pk=UUID(case))
            petitions.merge_petition(same, self._case(), actor=desk_clerk(), at=self.at)
            self._kept = None

    def _turn_down(self) -> Steps:
        """What screening took for a matter and is none: whoever holds it proposes not to take it."""
        yield from self._use("triage" if self._clock("triage") else "intake", 0.4)
        at_desk = self._case().unit == directory().city["intake_unit"]
        self._refuse(desk_clerk() if at_desk else self._officer())
        yield from self._use("check", 0.4)
        petitions.approve_result(self._case(), actor=checker(), at=self.at)

    # Intake ---------------------------------------------------------------------------------

    def _through_intake(self) -> Steps:
        """Named by the desk, perhaps handed on, taken in; or it stays lying."""
        if self._case().unit == directory().city["intake_unit"]:
            yield from self._use("triage", 0.3)
            petitions.triage_petition(
                self._case(), service=self.matter.story.service, urgency=self._case().urgency,
                actor=desk_clerk(), at=self.at,
            )  # fmt: skip
        if self.dice.random() < WITHDRAWN:
            yield from self._until(self.at + timedelta(hours=self.dice.uniform(0.5, 30)))
            petitions.withdraw_petition(self._petition(), actor=opener(self.number), at=self.at)
            return
        if self._clock("acknowledge") is not None:
            yield from self._acknowledge()
        if self.dice.random() < self._manner().handed_on:
            yield from self._hand_on()
        if self.dice.random() < self._manner().silent:
            return
        yield from self._accept()

    def _hand_on(self) -> Steps:
        case = self._case()
        service = directory().services[case.service]
        other = self.world.transfers.get(service.group or "", "")
        if not other or other == case.unit:
            return
        yield from self._use("intake", self._manner().intake * 1.5)
        cases.transfer_case(
            self._case(), unit=other, ground="authority", text=self._say("transfer"),
            actor=officer(case.unit), at=self.at,
        )  # fmt: skip

    def _acknowledge(self) -> Steps:
        """Whoever is on duty says: seen. Duty keeps no office hours."""
        clock = self._clock("acknowledge")
        if clock and clock.due_at:
            term = (clock.started_at, clock.due_at)
            yield from self._until(rules.share_of(term, 2 * self._manner().intake, self.dice))
            if self._clock("acknowledge") is not None:
                cases.acknowledge_case(self._case(), actor=self._officer(), at=self.at)

    def _accept(self) -> Steps:
        yield from self._use("intake", self._manner().intake)
        cases.accept_case(self._case(), actor=self._officer(), at=self.at)

    # Work -----------------------------------------------------------------------------------

    def _work(self) -> Steps:
        """Progress, a question to the petitioner, more time: until the unit has a result."""
        story, manner = self.matter.story, self._manner()
        for share in self._reports(manner):
            yield from self._use("handling", share)
            text = self.dice.choice(story.progress)
            cases.note_progress(self._case(), text=text, actor=self._officer(), at=self.at)
        if self.dice.random() < ASKED:
            yield from self._ask()
        if self.dice.random() < manner.extended and not self._is_late("handling"):
            yield from self._extend()

    def _reports(self, manner: Manner) -> list[float]:
        count = min(int(self.dice.expovariate(1 / max(manner.notes, 0.01)) + 0.5), 4)
        return sorted(self.dice.uniform(0.05, 0.9) * manner.work for _ in range(count))

    def _ask(self) -> Steps:
        yield from self._until(self._open(self.at + timedelta(hours=self.dice.uniform(0.5, 6))))
        cases.ask_petitioner(
            self._case(), text=self._say("question"), actor=self._officer(), at=self.at
        )
        if self.dice.random() < REPLIED:
            yield from self._until(self.at + timedelta(hours=self.dice.uniform(1, 20)))
        else:
            yield from self._clocks_until("supplement")
        if self._case().state == lifecycle.AWAITING_SUPPLEMENT:
            petitions.supplement_petition(
                self._petition(), text=self._say("replies"), actor=opener(self.number), at=self.at
            )
            self._kept = None

    def _extend(self) -> Steps:
        yield from self._use("handling", 0.6)
        clock = self._clock("handling")
        if clock is None or clock.due_at is None or clock.due_at <= self.at:
            return
        later = self._open(clock.due_at + timedelta(days=self.dice.randint(2, 7)))
        cases.extend_deadline(
            self._case(), text=self._say("extension"), due_at=later, actor=self._officer(),
            at=self.at,
        )  # fmt: skip

    # Results --------------------------------------------------------------------------------

    def _results(self) -> Steps:
        """Result, check, verdict; a re-check may order it all again, once."""
        manner = self._manner()
        if self.dice.random() < manner.stalled:
            return
        for attempt in range(2):
            yield from self._answer(manner)
            if self._case().state == lifecycle.AWAITING_CHECK:
                yield from self._check(manner)
            yield from self._judge()
            if attempt or self._case().state != lifecycle.RECHECKING:
                break
            yield from self._recheck()
            if self._case().state != lifecycle.REOPENED:
                break
            yield from self._accept()
        self._sow_relapse()

    def _answer(self, manner: Manner) -> Steps:
        yield from self._use("handling", manner.work)
        draw = self.dice.random()
        if draw < manner.refused:
            self._refuse(self._officer())
            return
        self.is_on_paper = self.dice.random() < manner.paper
        claim = self._claim(is_resolved=self.is_on_paper or draw > manner.unresolved)
        cases.answer_case(
            self._case(), claim, draw=self.dice.random(), actor=self._officer(), at=self.at,
            **self.sender.proof(self._case(), self.matter.story, claim, self.dice, at=self.at),
        )  # fmt: skip

    def _claim(self, *, is_resolved: bool) -> Claim:
        story = self.matter.story
        if is_resolved:
            return Claim("resolved", self.dice.choice(story.done), proof=self._papers())
        text, remaining, step = story.answered
        next_at = self._open(self.at + timedelta(days=self.dice.randint(5, 30)))
        return Claim("answered", text, remaining=remaining, next_step=step, next_at=next_at)

    def _papers(self) -> tuple[str, ...]:
        """Proof other than photos: minutes and the like, named and not drawn."""
        service = directory().services.get(self._case().service)
        wanted = service.evidence if service else ()
        return () if self.matter.story.picture and "photo" in wanted else tuple(wanted)

    def _refuse(self, actor: Actor) -> None:
        ground = self.dice.choice(directory().city["refusal_grounds"])["code"]
        claim = Claim("refused", self._say("refusal"), ground=ground)
        cases.refuse_case(self._case(), claim, actor=actor, at=self.at)

    def _check(self, manner: Manner) -> Steps:
        yield from self._use("check", 0.4)
        if self.dice.random() < manner.sent_back:
            cases.send_back_answer(
                self._case(), note=self._say("missing"), actor=checker(), at=self.at
            )
            yield from self._use("handling", manner.work + 0.2)
            claim = self._claim(is_resolved=True)
            proof = self.sender.proof(self._case(), self.matter.story, claim, self.dice, at=self.at)
            if self._case().state not in {lifecycle.AWAITING_HANDLING, lifecycle.IN_PROGRESS}:
                return
            cases.answer_case(
                self._case(), claim, draw=0.0, actor=self._officer(), at=self.at, **proof
            )
            yield from self._use("check", 0.4)
        with_photos = self.dice.random() < 0.7
        petitions.approve_result(self._case(), with_photos=with_photos, actor=checker(), at=self.at)

    def _judge(self) -> Steps:
        case = self._case()
        if case.is_open or self.dice.random() > JUDGED:
            return
        chances = UNRESOLVED if case.state != lifecycle.RESOLVED else HONEST
        chances = ON_PAPER if self.is_on_paper else chances
        value = self.dice.choices(list(chances), list(chances.values()))[0]
        if value == "not_satisfied" and not self._can_be_rechecked(case):
            value = "acceptable"
        yield from self._until(self.at + timedelta(hours=self.dice.expovariate(1 / 20)))
        text = self._say("glad" if value == "satisfied" else "sorry")
        petitions.judge_petition(
            self._petition(), self._case(), value=value,
            text=text if self.dice.random() < 0.5 else "", actor=opener(self.number), at=self.at,
        )  # fmt: skip

    def _can_be_rechecked(self, case: Case) -> bool:
        return directory().units[case.answered_by or case.unit].parent is not None

    def _recheck(self) -> Steps:
        """The unit above looks again: the result stands, or the work is done again."""
        yield from self._use("recheck", 0.5)
        if not self.is_on_paper and self.dice.random() < UPHELD:
            cases.uphold_result(
                self._case(), text=self._say("upheld"), actor=self._officer(), at=self.at
            )
            yield from self._use("check", 0.4)
            petitions.approve_result(self._case(), actor=checker(), at=self.at)
            return
        cases.order_redo(self._case(), text=self._say("redo"), actor=self._officer(), at=self.at)
        self.is_on_paper = False

    def _sow_relapse(self) -> None:
        chance = RELAPSES_ON_PAPER if self.is_on_paper else RELAPSES_HONEST
        if self._case().state not in lifecycle.CLOSED or self.matter.depth > 1:
            return
        if self.dice.random() < chance:
            later = self.at + timedelta(days=self.dice.uniform(3, 25))
            text = rules.written(self.matter.story, self.matter.spot, self.world.phrases, self.dice)
            self.relapse = Matter(
                self.matter.index, self.matter.depth + 1, self.matter.story, self.matter.spot,
                text, later,
            )  # fmt: skip

    # Time -----------------------------------------------------------------------------------

    def _use(self, kind: str, median: float) -> Steps:
        """Until the unit has used about `median` of a term, at an hour when it is open."""
        clock = self._clock(kind)
        if clock is None or clock.due_at is None:
            yield from self._until(self._open(self.at + timedelta(hours=2)))
            return
        term = (clock.running_since or clock.started_at, clock.due_at)
        at = max(rules.share_of(term, median, self.dice), self.at + timedelta(minutes=1))
        yield from self._until(self._open(at))

    def _open(self, at: datetime) -> datetime:
        """`at`, or some minutes after the unit opens next."""
        calendar = directory().units[self._case().unit].calendar
        opens = deadlines.next_open(calendar, at)
        late = timedelta(seconds=self.dice.randint(60, 5400) if opens != at else 0)
        return (opens + late).astimezone(UTC)

    def _until(self, at: datetime) -> Steps:
        """The clocks that fall due before `at`, then `at`."""
        while (clock := self._next_due(at)) is not None:
            yield from self._fire(clock)
        yield from self._pause(max(at, self.at))

    def _pause(self, at: datetime) -> Steps:
        # In UTC, as the server gives instants back: the journal keeps them as they are written.
        at = at.astimezone(UTC)
        yield at
        self.at = self.now or at
        self._kept = None

    def _clocks_until(self, kind: str | None) -> Steps:
        """Only clocks act from now on, until one of `kind` has fired or none is left."""
        while (clock := self._next_due(None)) is not None:
            yield from self._fire(clock)
            if clock.kind == kind:
                return

    def _fire(self, clock: Clock) -> Steps:
        due = clock.due_at or self.at
        seconds = timedelta(seconds=self.dice.randint(1, _SWEEP_SECONDS))
        yield from self._pause(max(due + seconds, self.at))
        self.sender.sweep(self._case(), at=self.at)
        self._kept = None

    def _next_due(self, before: datetime | None) -> Clock | None:
        if not self.sender.sweeps:
            return None
        due = Clock.objects.filter(case=self._case(), overdue_at=None, due_at__isnull=False)
        due = due.filter(due_at__lte=before) if before else due
        return due.order_by("due_at").first()

    # What it is about -----------------------------------------------------------------------

    def _case(self) -> Case:
        """Read anew after every pause: others may have moved it meanwhile."""
        if self._kept is None:
            self._kept = Case.objects.get(pk=str(self.pk))
        return self._kept

    def _petition(self) -> Petition:
        return Petition.objects.get(number=self.number)

    def _clock(self, kind: str) -> Clock | None:
        return Clock.objects.filter(case=self._case(), kind=kind, stopped_at=None).first()

    def _manner(self) -> Manner:
        return self.world.manner(self._case().unit)

    def _officer(self) -> Actor:
        return officer(self._case().unit)

    def _is_with_handler(self) -> bool:
        return self._case().state in lifecycle.WITH_HANDLER

    def _is_late(self, kind: str) -> bool:
        clock = self._clock(kind)
        return clock is None or clock.due_at is None or clock.due_at <= self.at

    def _say(self, kind: str) -> str:
        return str(self.dice.choice(getattr(self.world.phrases, kind)))

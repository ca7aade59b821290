"""The notice of a document (`tieout.notice/1`) from its report's contents. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from services.store.domain.views import Acceptance
from shared.contracts.common import Message, Submission
from shared.contracts.normalized import Fact
from shared.contracts.notice import (
    Notice,
    NoticeAcceptance,
    NoticeCandidate,
    NoticeCounts,
    NoticeItem,
    NoticePlace,
    NoticeSum,
    NoticeTerm,
)
from shared.contracts.validated import Check, Diagnosis
from tieout.explain import Context, rule_names
from tieout.handover.contents import Handover, Item, accused_of, is_left_blank


def notice_of(contents: Handover) -> Notice:
    """The notice: every finding with its place, what should stand there, how sure that is, and the sums behind it."""
    names = {rule: Message(zh=zh, en=rule_names("en")[rule]) for rule, zh in rule_names("zh").items()}
    items = contents.items("zh")
    validated = contents.validated
    open_kinds = [item.kind for item in items if item.accepted is None]
    return Notice(
        document=validated.document,
        submission=Submission(name=contents.name),
        verdict=validated.verdict,
        counts=NoticeCounts(
            corrections=open_kinds.count("correction"),
            questions=open_kinds.count("question"),
            notes=open_kinds.count("note"),
            accepted=len(items) - len(open_kinds),
        ),
        coverage=validated.coverage,
        not_assessable=validated.counts.not_assessable,
        unread_tables=sum(form.form is None for form in validated.forms),
        items=tuple(_item(item, names, validated.document.id) for item in items),
        producer=validated.producer,
    )


def _item(item: Item, names: Mapping[str, Message], document: str) -> NoticeItem:
    finding, diagnosis = item.finding, item.finding.diagnosis
    place, accused = _places(item.context, document), accused_of(finding)
    return NoticeItem(
        number=item.number,
        finding=finding.id,
        kind=item.kind,
        code=finding.code,
        severity=finding.severity,
        sentence=finding.message,
        page=finding.page,
        figure=place(accused.fact) if accused and not is_left_blank(finding) else None,
        suggested=diagnosis.suggested if diagnosis else None,
        unit=finding.unit,
        confidence=diagnosis.confidence if diagnosis else None,
        cause=diagnosis.cause if diagnosis else None,
        candidates=_candidates(diagnosis, place),
        sums=tuple(_sum(check, names, place) for check in item.checks),
        between_documents=item.between,
        accepted=_acceptance(item.accepted),
    )


_Place = Callable[[str], NoticePlace | None]


def _candidates(diagnosis: Diagnosis | None, place: _Place) -> tuple[NoticeCandidate, ...]:
    if diagnosis is None:
        return ()
    return tuple(
        NoticeCandidate(figure=place(each.fact), suggested=each.suggested, cause=each.cause, confidence=each.confidence)
        for each in diagnosis.candidates
    )


def _sum(check: Check, names: Mapping[str, Message], place: _Place) -> NoticeSum:
    return NoticeSum(
        rule=check.rule,
        name=names.get(check.rule, Message(zh=check.rule, en=check.rule)),
        status=check.status,
        figure=place(check.target),
        terms=tuple(NoticeTerm(sign=term.sign, figure=place(term.fact)) for term in check.terms),
        printed=check.reported,
        computed=check.computed,
        difference=check.difference,
        unit=check.unit,
    )


def _places(context: Context, document: str) -> _Place:
    """What says where the figure of an id stands; null for one that is not there."""

    def place(identifier: str) -> NoticePlace | None:
        fact = context.facts.get(identifier)
        return None if fact is None else _place(fact, context, document)

    return place


def _place(fact: Fact, context: Context, document: str) -> NoticePlace:
    loose = fact.table in context.loose  # a figure of the narrative: it has no cell
    other, separator, _ = fact.id.rpartition(":")  # `DOCUMENT:FACT` in findings between documents
    return NoticePlace(
        page=fact.page,
        box=fact.bbox if fact.bbox[2] > fact.bbox[0] else None,
        printed=fact.text,
        unit=fact.unit,
        form=fact.form,
        title=context.titles.get(fact.table) or None,
        row_label=fact.label,
        column=() if loose else tuple(context.columns.get((fact.table, fact.col), ())),
        row=None if loose else fact.row,
        col=None if loose else fact.col,
        document=other if separator and other != document else None,
        file=context.files.get(fact.table) if separator and other != document else None,
    )


def _acceptance(acceptance: Acceptance | None) -> NoticeAcceptance | None:
    return None if acceptance is None else NoticeAcceptance(by=acceptance.by, at=acceptance.at, why=acceptance.why)

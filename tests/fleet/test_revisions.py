"""What differs between revisions, and what two administrators changed at once (CS-7, CS-25)."""

from hypothesis import given
from hypothesis import strategies as st

from podpora.fleet.rules import changes_between, conflicts_of
from podpora.fleet.values import Change, Content, Entry, Layer, Level, Mode

COMPANY, GROUP, DEVICE = Layer(Level.COMPANY), Layer(Level.GROUP, "G-1"), Layer(Level.DEVICE, "D-1")
ONE, TWO, THREE = (Entry(value, Mode.FORCED) for value in ("one", "two", "three"))

contents = st.dictionaries(
    st.sampled_from([COMPANY, GROUP, DEVICE]), st.dictionaries(st.sampled_from(["a", "b"]), st.sampled_from([ONE, TWO]))
)


def test_changes_stand_in_order() -> None:
    before: Content = {DEVICE: {"a": ONE}, COMPANY: {"b": ONE, "a": ONE}}
    after: Content = {COMPANY: {"a": TWO, "c": ONE}, GROUP: {}, DEVICE: {"a": ONE}}
    assert changes_between(before, after) == [
        Change(COMPANY, "a", ONE, TWO),
        Change(COMPANY, "b", ONE, None),
        Change(COMPANY, "c", None, ONE),
    ]


def test_one_is_not_true() -> None:
    before, after = {COMPANY: {"a": Entry(1, Mode.FORCED)}}, {COMPANY: {"a": Entry(True, Mode.FORCED)}}
    assert len(changes_between(before, after)) == 1


@given(contents, contents)
def test_changes_lead_from_one_to_the_other_and_back(before: Content, after: Content) -> None:
    forth, back = changes_between(before, after), changes_between(after, before)
    assert [(c.layer, c.key, c.after, c.before) for c in forth] == [(c.layer, c.key, c.before, c.after) for c in back]
    result = {layer: dict(entries) for layer, entries in before.items()}
    for change in forth:
        if change.after is None:
            del result[change.layer][change.key]
        else:
            result.setdefault(change.layer, {})[change.key] = change.after
    assert changes_between(result, after) == []


def test_cs_25_both_changed_the_same_to_something_else() -> None:
    base: Content = {COMPANY: {"a": ONE, "b": ONE}}
    newest: Content = {COMPANY: {"a": TWO, "b": ONE, "c": ONE}}
    draft: Content = {COMPANY: {"a": THREE, "b": TWO, "c": ONE}}
    assert conflicts_of(base, newest, draft) == [Change(COMPANY, "a", TWO, THREE)]
    assert conflicts_of(base, newest, {COMPANY: {"b": ONE}}) == [Change(COMPANY, "a", TWO, None)]


@given(contents, contents)
def test_who_is_alone_has_no_conflict(base: Content, draft: Content) -> None:
    assert conflicts_of(base, base, draft) == []
    assert conflicts_of(base, draft, draft) == []

"""`podpora token create` prints the token alone."""

import pytest

from podpora.config import command
from podpora.people import queries
from podpora.people.models import ApiToken
from tests.make import people as make

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        command.main(["token", "create", *arguments])
    return int(str(end.value.code))


def test_it_prints_the_token_alone(capsys: pytest.CaptureFixture[str]) -> None:
    jana = make.person("jana@x.example")
    assert run("--name", "shop", "--scope", "orders,licences", "--person", "Jana@x.example") == 0
    token = queries.token_for(capsys.readouterr().out.rstrip("\n"))
    assert token is not None and token.person == jana and token.scopes == ["licences", "orders"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--name", "x", "--scope", "everything"), "unknown scope"),
        (("--name", "x", "--scope", ","), "unknown scope"),
        (("--name", "x", "--scope", "all", "--person", "nobody@x.example"), "there is no person"),
    ],
)
def test_it_fails_with_one_sentence(arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*arguments) != 0
    out, err = capsys.readouterr()
    assert out == "" and said in err and err.count("\n") == 1
    assert not ApiToken.objects.exists()

"""podpora keys list|rotate."""

import pytest

from podpora.config.command import main
from podpora.licensing.models import SigningKey

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["keys", *arguments])
    return int(ended.value.code or 0) if not isinstance(ended.value.code, str) else 1


def test_the_first_key_and_its_rotation(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("list") == 0
    assert "no key yet" in capsys.readouterr().out
    assert run("rotate") == 0
    assert run("rotate", "--overlap-days", "60") == 0
    capsys.readouterr()
    assert run("list") == 0
    listed = capsys.readouterr().out
    assert [row.split()[1] for row in listed.strip().splitlines()] == ["active", "retiring", "retiring"]
    for row in SigningKey.objects.all():
        assert row.kid in listed
        assert row.private_sealed not in listed


@pytest.mark.parametrize("days", ["0", "13", "-1", "4000"])
def test_an_overlap_that_would_strand_devices_is_refused(days: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("rotate", "--overlap-days", days) != 0
    assert "--overlap-days must be" in capsys.readouterr().err
    assert not SigningKey.objects.exists()

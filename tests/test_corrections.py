"""Fields set by hand: what can be set, and that it stays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.app import create_app
from rag.cli.main import main
from rag.config import settings
from rag.corrections import HOW, MAX_CHARS, checked
from rag.errors import NotFoundError, UsageError
from rag.index.backup import backup
from rag.service import Service
from rag.types import Document, Level
from tests.api.client import send

ARTICLE = "清禾县人才新政解读\n中共清禾县委组织部\n\n全职引进的博士给予28万元安家补贴,分三年发放到本人账户。\n"
CORRECTED = {"place": "祁东县", "title": "新政问答", "published": "2023-05"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "b.txt").write_text(ARTICLE, encoding="utf-8")
    return tmp_path / "in"


def opened(directory: Path, **options: bool) -> Service:
    return Service.open(settings(data_dir=str(directory)), write=True, **options)


@pytest.fixture
def service(tmp_path: Path, folder: Path) -> Iterator[Service]:
    made = opened(tmp_path / "index")
    made.index([folder])
    yield made
    made.close()


def only(service: Service) -> Document:
    (item,) = service.documents().documents
    return item


def said(item: Document) -> tuple[str | None, Level | None, str, str | None]:
    return item.place, item.level, item.title, item.published


READ = ("清禾县", Level.COUNTY, "清禾县人才新政解读", None)
SET = ("湖南省衡阳市祁东县", Level.COUNTY, "新政问答", "2023-05")


def corrected(service: Service) -> Document:
    return service.correct(only(service).id, CORRECTED)


def test_a_correction_is_shown_with_what_was_read(service: Service) -> None:
    assert said(only(service)) == READ
    item = corrected(service)
    assert said(item) == SET
    by_hand = {each.field: (each.value, each.how) for each in item.evidence if each.how.startswith(HOW)}
    assert by_hand == {
        "place": ("湖南省衡阳市祁东县", "set by hand; read as 清禾县"),
        "title": ("新政问答", "set by hand; read as 清禾县人才新政解读"),
        "published": ("2023-05", "set by hand"),
    }


def test_a_corrected_place_and_title_find_the_document(service: Service) -> None:
    before = service.ask("祁东县给博士多少安家补贴？").answer
    corrected(service)
    after = service.ask("祁东县给博士多少安家补贴？").answer
    assert (before.answered, after.answered) == (False, True)
    assert {chunk.context for chunk in service.chunks(only(service).id)} == {"湖南省衡阳市祁东县 › 新政问答"}


def test_a_correction_taken_back_leaves_no_trace(service: Service, tmp_path: Path) -> None:
    fresh = [only(service), *service.chunks(only(service).id)]
    corrected(service)
    service.correct(only(service).id, dict.fromkeys(CORRECTED))
    assert [only(service), *service.chunks(only(service).id)] == fresh


def test_the_same_again_keeps_the_generation(service: Service) -> None:
    corrected(service)
    generation = service.status().generation
    corrected(service)
    assert service.status().generation == generation


def test_it_stays_when_the_file_is_read_again(service: Service, folder: Path) -> None:
    corrected(service)
    (folder / "b.txt").write_text(ARTICLE + "另有人才公寓。\n", encoding="utf-8")
    assert service.index([folder]).refreshed == (str(folder / "b.txt"),)
    assert said(only(service)) == SET


def test_it_stays_when_another_source_brings_the_text_or_a_repost(service: Service, folder: Path) -> None:
    corrected(service)
    (folder / "a.txt").write_text(ARTICLE, encoding="utf-8")
    assert service.index([folder]).folded == (str(folder / "a.txt"),)
    assert said(only(service)) == SET
    (folder / "b.txt").unlink()
    service.index([folder], prune=True)
    assert said(only(service)) == SET
    service.correct(only(service).id, dict.fromkeys(CORRECTED))
    assert said(only(service)) == READ


def test_a_repost_of_a_corrected_document_does_not_make_the_correction_a_reading(
    service: Service, folder: Path
) -> None:
    service.correct(only(service).id, {"published": "2023-05"})
    (folder / "a.txt").write_text(ARTICLE.replace("发放到", "发放，到"), encoding="utf-8")
    assert service.index([folder]).folded == (str(folder / "a.txt"),)
    service.correct(only(service).id, {"published": None})
    assert said(only(service)) == READ


def test_it_stays_through_rebuild_backup_and_opening(service: Service, tmp_path: Path) -> None:
    corrected(service)
    service.rebuild()
    assert said(only(service)) == SET
    backup(tmp_path / "index", tmp_path / "copy")
    (tmp_path / "restored").mkdir()
    (tmp_path / "copy").rename(tmp_path / "restored" / "store.sqlite")
    copied = opened(tmp_path / "restored", rebuild=True)
    copied.rebuild()
    assert said(only(copied)) == SET
    copied.close()


def test_a_removed_document_comes_back_as_it_is_read(service: Service, folder: Path) -> None:
    service.remove([corrected(service).id])
    service.index([folder])
    assert said(only(service)) == READ


def test_nothing_changes_when_one_field_cannot_be_set(service: Service) -> None:
    with pytest.raises(UsageError):
        service.correct(only(service).id, {"title": "新题", "published": "gestern"})
    assert said(only(service)) == READ
    with pytest.raises(NotFoundError):
        service.correct("ffff", {"title": "新题"})


@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [
        ("place", "祁东", {"place": "湖南省衡阳市祁东县", "level": "county"}),
        ("place", "Golmud", {"place": "青海省海西蒙古族藏族自治州格尔木市", "level": "county"}),
        ("place", "江南省澄河县", {"place": "江南省澄河县", "level": "county"}),
        ("place", "云溪", {"place": "湖南省岳阳市云溪区", "level": "county"}),
        ("place", "云溪县", {"place": "云溪县", "level": "county"}),
        ("place", "祁东区", {"place": "祁东区", "level": "county"}),
        ("place", "岳阳市云溪县", {"place": "湖南省岳阳市云溪县", "level": "county"}),
        ("place", "湖南衡阳祁东县", {"place": "湖南省衡阳市祁东县", "level": "county"}),
        ("place", "祁東縣", {"place": "湖南省衡阳市祁东县", "level": "county"}),
        ("place", "Qidong County, Hengyang", {"place": "湖南省衡阳市祁东县", "level": "county"}),
        ("place", "石家庄桥西区", {"place": "河北省石家庄市桥西区", "level": "county"}),
        ("place", "衡阳地区", {"place": "衡阳地区", "level": "prefecture"}),
        ("place", "东风社区", {"place": "东风社区", "level": None}),
        ("place", "澄河县和平镇", {"place": "澄河县和平镇", "level": "township"}),
        ("place", "祁东县洪桥街道", {"place": "湖南省衡阳市祁东县洪桥街道", "level": "township"}),
        ("place", "-", {"place": None, "level": None}),
        ("published", "2022", {"published": "2022"}),
        ("author", " 李 明\n", {"author": "李 明"}),
        ("title", "题" * MAX_CHARS, {"title": "题" * MAX_CHARS}),
    ],
)
def test_what_is_stored(field: str, value: str, stored: dict[str, str | None]) -> None:
    assert checked(field, value) == stored


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("place", "朝阳区", "write 北京市朝阳区 or 吉林省长春市朝阳区"),
        ("place", "通州", "write 北京市通州区 or 四川省达州市 or 江苏省南通市通州区"),
        ("place", "台江", "write 福建省福州市台江区 or 贵州省黔东南苗族侗族自治州台江县"),
        ("place", "湖南省广州市", "广州市 is not in 湖南省: write 广东省广州市"),
        ("place", "祁东县、衡南县", "speaks for one place"),
        ("place", "祁东县和衡南县", "speaks for one place"),
        ("place", "Nanning, Qidong County", "none of these lies in the other"),
        ("place", "我县", "write a division's name"),
        ("place", "苹果", "write a division's name"),
        ("published", "2022-13", "write a day"),
        ("published", "昨天", "write a day"),
        ("title", "题" * (MAX_CHARS + 1), "one line of 1–300"),
        ("title", "\x07", "one line of 1–300"),
        ("text", "全文", "'text' cannot be set"),
    ],
)
def test_what_cannot_be_set(field: str, value: str, complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        checked(field, value)


@pytest.mark.parametrize("door", ["command", "http"])
def test_a_place_that_no_division_is_called_by_stands_as_typed_and_is_found_by_it(
    service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str], door: str
) -> None:
    """There is a 云溪区 and no 云溪县."""
    named = only(service).id
    if door == "command":
        assert main(["--data-dir", str(tmp_path / "index"), "set", named, "place=云溪县", "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
    else:
        told = send(create_app(service), "PATCH", f"/documents/{named}", json={"place": "云溪县"}).json()
    assert (told["place"], told["level"]) == ("云溪县", "county")
    assert service.ask("云溪县给博士多少安家补贴？").answer.answered
    assert not service.ask("云溪区给博士多少安家补贴？").answer.answered
    assert [hit.chunk.document_id for hit in service.search("安家补贴", place="云溪县").hits] == [named]

"""What Discourse gives out, as rows that `podpora import` reads.

Two sources, alone or together in one folder: the file that its own command `rake export:…` writes (categories, topics, users with
addresses), and pages of its API that were saved (`site.json`, `t/12.json`, with `include_raw=1`), with the list of users as CSV.
"""

import csv
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from podpora.config.commands import CommandFailed

Told = dict[str, Any]
LIKE, REGULAR, MODERATORS, WHISPER = 2, 1, 2, 4
READ_ONLY = 3
_UPLOAD = re.compile(r"(!?)\[([^\]|\n]{0,200})(?:\|[^\]\n]*)?\]\((upload://[\w.-]{1,200})(?:\s[^)]*)?\)")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
PICTURES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}
ICON = "messages-square"


@dataclass
class Forum:
    """All that the files say; topics by their numbers, each with its posts by theirs."""

    categories: dict[int, Told] = field(default_factory=dict)
    users: dict[int, Told] = field(default_factory=dict)
    names: dict[str, Told] = field(default_factory=dict)  # by user name, in small letters
    topics: dict[int, Told] = field(default_factory=dict)
    posts: dict[int, dict[int, Told]] = field(default_factory=dict)

    def add(self, told: Any, path: Path) -> None:
        """One JSON file, whichever it is."""
        if not isinstance(told, dict):
            raise CommandFailed(f"{path} is not a page of Discourse: it is no JSON object.")
        listed = told.get("category_list", {}).get("categories") or told.get("categories") or ()
        for row in listed:
            self.categories.setdefault(int(row["id"]), {}).update(row)
        for user in told.get("users") or ():
            self.add_user(user)
        if "post_stream" in told:
            self._topic(told, told["post_stream"].get("posts") or ())
        for topic in told.get("topics") or ():
            if topic.get("posts"):
                self._topic(topic, topic["posts"])

    def add_user(self, user: Told) -> None:
        name = str(user.get("username") or "")
        if name:
            known = self.names.setdefault(name.lower(), {})
            known.update({key: value for key, value in user.items() if value not in (None, "")})
            if str(user.get("id", "")).lstrip("-").isdecimal():
                self.users[int(user["id"])] = known

    def _topic(self, topic: Told, posts: Any) -> None:
        number = int(topic.get("id") or topic.get("topic_id") or 0)
        kept = {name: value for name, value in topic.items() if name not in ("posts", "post_stream") and value is not None}
        self.topics.setdefault(number, {}).update(kept)
        mine = self.posts.setdefault(number, {})
        for post in posts:
            mine.setdefault(int(post["post_number"]), {}).update({name: value for name, value in post.items() if value is not None})
            if post.get("username"):
                self.names.setdefault(str(post["username"]).lower(), {"username": post["username"], "name": post.get("name") or ""})


def read(path: Path) -> Forum:
    """A file, or every JSON and CSV file of a folder."""
    forum = Forum()
    files = [path] if path.is_file() else sorted(path.rglob("*"))
    for file in files:
        try:
            if file.suffix == ".json":
                forum.add(json.loads(file.read_text("utf-8-sig")), file)
            elif file.suffix == ".csv" and not file.name.endswith(".report.csv"):
                for row in csv.DictReader(file.read_text("utf-8-sig").splitlines()):
                    forum.add_user(dict(row))
        except (ValueError, KeyError, TypeError, AttributeError, UnicodeDecodeError) as problem:
            raise CommandFailed(f"{file} is no page or export of Discourse ({type(problem).__name__}: {problem}).") from None
    if not forum.topics and not forum.categories and not forum.names:
        raise CommandFailed(f"There is nothing of Discourse in {path}: neither topics nor categories nor users.")
    return forum


def category_rows(forum: Forum) -> Iterator[Told]:
    """A category that not everybody reads is for staff here, until somebody opens it: nothing becomes public by itself."""
    for number, row in sorted(forum.categories.items()):
        parent = forum.categories.get(int(row.get("parent_category_id") or 0), {})
        slug = "-".join(str(each.get("slug") or each.get("id")) for each in (parent, row) if each)
        name = " – ".join(str(each["name"]) for each in (parent, row) if each.get("name"))
        is_open = not row.get("read_restricted") and (
            "permissions_params" not in row or not row["permissions_params"] or "everyone" in row["permissions_params"]
        )
        may_write = is_open and (row.get("permissions_params") or {}).get("everyone") != READ_ONLY
        text = re.sub(r"<[^>]*>", "", str(row.get("description_text") or row.get("description") or ""))[:300]
        position = row.get("position")
        yield {
            "external_id": str(number), "code": slug[:80], "name": name[:80], "text_cs": text, "text_en": text,
            "reads": "everybody" if is_open else "staff", "writes": "members" if may_write else "staff",
            "position": position if isinstance(position, int) and position >= 0 else number % 10_000,
            "old_addresses": [f"/c/{row.get('slug')}/{number}", f"/c/{number}"],
        }  # fmt: skip


def member_rows(forum: Forum) -> Iterator[Told]:
    for name, user in sorted(forum.names.items()):
        row: Told = {"external_id": name, "email": user.get("email") or "", "name": (user.get("name") or user["username"])[:80],
                     "handle": user["username"], "joined_at": user.get("created_at") or "", "old_addresses": [f"/u/{name}"]}  # fmt: skip
        level = str(user.get("trust_level") or 0)
        row["trust"] = min(int(level), 2) if level.isdecimal() else 0
        row["about"] = str(user.get("bio_raw") or "")[:500]
        if not row["email"]:
            row["left_out"] = "No e-mail address is known, so there is no account; the posts keep the name."
        yield row


def topic_rows(forum: Forum) -> Iterator[Told]:
    for number, topic in sorted(forum.topics.items()):
        posts = forum.posts.get(number, {})
        first = posts.get(1)
        why = _why_not(topic, first)
        if why or first is None:
            yield {"external_id": str(number), "left_out": why}
            continue
        tags = [tag if isinstance(tag, str) else str(tag.get("name", "")) for tag in topic.get("tags") or ()]
        closed = topic.get("closed") or topic.get("archived")
        yield {
            "external_id": str(number), "category": str(topic.get("category_id") or ""), "title": str(topic.get("title") or ""),
            "tags": tags, "views": _count(topic.get("views")), "pinned": bool(topic.get("pinned")), "closed": bool(closed),
            "old_addresses": [f"/t/{number}"], **_said(forum, first),
        }  # fmt: skip


def _why_not(topic: Told, first: Told | None) -> str:
    if topic.get("archetype") not in (None, "regular"):
        return "A private message: it stays between those who wrote it."
    if topic.get("deleted_at"):
        return "It was deleted."
    if first is None:
        return "Its first post is not in the files."
    return "" if first.get("raw") else "The text is not in the page: fetch it with include_raw=1."


def post_rows(forum: Forum) -> Iterator[Told]:
    for number, posts in sorted(forum.posts.items()):
        topic = forum.topics[number]
        if _why_not(topic, posts.get(1)):
            continue
        accepted = (topic.get("accepted_answer") or {}).get("post_number")
        for place, post in sorted(posts.items()):
            if place == 1:
                continue
            name = str(post.get("id") or f"{number}/{place}")
            if post.get("post_type", REGULAR) not in (REGULAR, MODERATORS, WHISPER):
                continue  # "closed this topic": nothing that somebody wrote
            if post.get("deleted_at") or post.get("user_deleted") or not post.get("raw"):
                why = "It was deleted." if post.get("raw") else "The text is not in the page: fetch it with include_raw=1."
                yield {"external_id": name, "left_out": why}
                continue
            yield {
                "external_id": name, "topic": str(number), "number": place, "reply_to": _count(post.get("reply_to_post_number")),
                "whisper": post.get("post_type") == WHISPER, "solution": bool(post.get("accepted_answer")) or accepted == place,
                "old_address": f"/p/{post['id']}" if post.get("id") else "", **_said(forum, post),
            }  # fmt: skip


def _said(forum: Forum, post: Told) -> Told:
    user = forum.users.get(int(post.get("user_id") or 0)) or forum.names.get(str(post.get("username") or "").lower()) or {}
    name = str(user.get("username") or post.get("username") or "")
    text = str(post["raw"])
    likes = next((row.get("count") for row in post.get("actions_summary") or () if row.get("id") == LIKE), post.get("like_count"))
    said: Told = {
        "author": name.lower(), "name": str(user.get("name") or name)[:80], "text": text, "written_at": post.get("created_at"),
        "votes": _count(likes), "state": "hidden" if post.get("hidden") else "visible", "files": _files(text),
    }  # fmt: skip
    if _count(post.get("version")) > 1 and post.get("updated_at"):
        said["edited_at"] = post["updated_at"]
    return said


def _count(told: Any) -> int:
    return told if isinstance(told, int) and 0 <= told < 2_000_000_000 else 0


def _files(text: str) -> list[Told]:
    """`![name](upload://r3AYqES….png)`: the file has the name of its sha1 in the folder of uploads."""
    found: Mapping[str, Told] = {
        match[3]: {
            "file": match[3].removeprefix("upload://"), "name": _file_name(match[2], match[3]), "address": match[3],
            "type": PICTURES.get(match[3].rpartition(".")[2].lower(), "application/octet-stream") if match[1] else "application/octet-stream",
        }
        for match in _UPLOAD.finditer(text)
    }  # fmt: skip
    return list(found.values())


def _file_name(label: str, address: str) -> str:
    ending = address.rpartition(".")[2].lower()
    label = label.strip() or "file"
    return label if label.lower().endswith(f".{ending}") else f"{label}.{ending}"


def sha1_of(upload: str) -> str:
    """`r3AYqESanERjladb4vBB7VsMBm6.png` -> the 40 hexadecimal digits that Discourse calls the file on its disk. KeyError: none."""
    number = 0
    for sign in upload.partition(".")[0]:
        if sign not in _DIGITS:
            raise KeyError(upload)
        number = number * 62 + _DIGITS.index(sign)
    return f"{number:040x}"


class Uploads:
    """The folder of uploads of a backup (`uploads/default/original/1X/<sha1>.png`), or any folder with files of these names."""

    def __init__(self, folder: Path | None) -> None:
        self._files = {file.stem.lower(): file for file in folder.rglob("*") if file.is_file()} if folder else {}

    def __call__(self, name: str) -> bytes:
        """Raises KeyError."""
        return self._files[sha1_of(name)].read_bytes()

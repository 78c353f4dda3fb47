"""Only actions write (ARCHITECTURE: "Inside a room"). Reads the source and names every write that stands elsewhere.

Usage: python tools/check_writes.py [folder]

What counts as a write: the ORM's writing methods on a manager, a QuerySet or a model instance, also through a variable
that holds a QuerySet; changes of many-to-many relations; SQL text that writes. It reads names, not types, so it knows
this code base's habits: a dictionary's `update`, a cache's `delete` and a form's `save` are told apart by their owner.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "podpora"

ALWAYS = {
    "bulk_create", "bulk_update", "get_or_create", "update_or_create", "create", "acreate", "abulk_create", "abulk_update",
    "aget_or_create", "aupdate_or_create", "asave", "adelete", "aupdate", "save_base", "_raw_delete", "create_user",
}  # fmt: skip
ON_ROWS = {"save", "delete"}  # of a model instance or a QuerySet
ON_QUERIES = {"update"}  # dictionaries have it too
ON_RELATIONS = {"add", "remove", "set", "clear"}
QUERY = re.compile(
    r"(?:^|\.)objects\b|\.(?:filter|exclude|all|select_for_update|get_queryset|order_by|annotate|using)\(|_set\b|\bqueries\.\w+\("
)
# Things with a `save`, `delete`, `create`, `add` of their own that is no write to a table.
HARMLESS = re.compile(
    r"(?:^|[._])(?:cache|caches\[.*\]|storage|session|response|headers|cookies|parser|seen|found|registry|image|document|"
    r"file|zip|archive|hash|cursor)$|^(?:super\(\)|(?:form|forms?\w*|self\.form|uuid|ssl|secrets|document|tar)\b)"
)
SQL = re.compile(
    r"^\s*(?:INSERT\s+INTO|INSERT\s+OR|UPDATE\s+\S+\s+SET|DELETE\s+FROM|REPLACE\s+INTO|TRUNCATE|MERGE\s+INTO)", re.IGNORECASE
)
WRITERS = ("actions", "migrations")
# Outside a room's actions, with the reason. This list may only shrink.
EXCEPTIONS = {
    "config/transfer": "backup and restore copy whole tables; no rule applies to a copy",
    "config/cache.py": "a cache: whatever is in it may be lost at any moment",
    "config/seed": "synthetic bulk data for measuring, refused outside an empty or demo database",
}


def problems(source: Path = SOURCE) -> list[str]:
    """One line for every write outside actions: `path:line: code`."""
    relations = _many_to_many_names(source)
    found = []
    for path in sorted(source.rglob("*.py")):
        inside = path.relative_to(source)
        parts = {Path(part).stem for part in inside.parts}
        if parts & set(WRITERS) or str(inside).startswith(tuple(EXCEPTIONS)):
            continue
        tree = ast.parse(path.read_text(), str(path))
        found += [f"{inside}:{line}: {code}" for line, code in _writes(tree, relations)]
    return found


def _many_to_many_names(source: Path) -> set[str]:
    """Names of many-to-many fields and of their reverse sides in all models."""
    names = set()
    for path in [*source.rglob("models.py"), *source.glob("*/models/*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Assign)
                and isinstance(node.value, ast.Call)
                and ast.unparse(node.value.func).endswith("ManyToManyField")
            ):
                names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
                names |= {
                    str(k.value.value) for k in node.value.keywords if k.arg == "related_name" and isinstance(k.value, ast.Constant)
                }
    return names


def _writes(tree: ast.Module, relations: set[str]) -> Iterator[tuple[int, str]]:
    query_variables = _query_variables(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value):
            yield node.lineno, " ".join(node.value.split())[:80]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _is_write(node.func, query_variables, relations):
            yield node.lineno, ast.unparse(node.func)


def _is_write(call: ast.Attribute, query_variables: set[str], relations: set[str]) -> bool:
    owner, verb = ast.unparse(call.value), call.attr
    last = owner.rpartition(".")[2]
    is_query = bool(QUERY.search(owner)) or owner.split(".")[0].split("[")[0] in query_variables
    if verb in ON_RELATIONS:
        return "." in owner and last in relations
    if verb in ON_QUERIES:
        return is_query
    if verb in ON_ROWS or verb in ALWAYS:
        return is_query or not HARMLESS.search(owner)
    return False


def _query_variables(tree: ast.Module) -> set[str]:
    """Variables that were given a QuerySet somewhere in this file."""
    names: set[str] = set()
    for node in ast.walk(tree):
        value = getattr(node, "value", None)
        if not isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) or value is None:
            continue
        if QUERY.search(ast.unparse(value)) and not re.search(
            r"\.(?:first|last|get|count|exists|values_list|aggregate)\([^()]*\)$", ast.unparse(value)
        ):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


if __name__ == "__main__":
    sys.exit("\n".join(problems(Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCE)) or 0)

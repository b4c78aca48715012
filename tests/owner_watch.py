"""Does a statement name the owner wherever it reads? Postgres knows: its plan says."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connection

from networkcrm.owned import Owned

PLANNED = re.compile(r"[\s(]*(SELECT|INSERT|UPDATE|DELETE|WITH)\b", re.I)
# Statements found right, which need not be planned again with other values.
_good: set[str] = set()
CONDITIONS = ("Index Cond", "Recheck Cond", "Filter", "One-Time Filter")


@contextmanager
def owner_watch(owner) -> Iterator[list[str]]:
    """Gathers, of all statements sent inside, those that read rows of owned tables
    without a constant owner, and why.

    Every statement is planned once more by EXPLAIN, with its parameters in place.
    Wherever the plan scans an owned table, arms of recursion and subqueries included,
    `owner_id = '<this owner>'` must be a condition of that scan: written there, or
    carried there by the planner because the tables are joined by their owner.
    """
    tables = {m._meta.db_table for m in apps.get_models() if issubclass(m, Owned)}
    constant = re.compile(rf"\((\"?\w+\"?\.)?owner_id = '{owner.pk}'::uuid\)")
    wrong: list[str] = []

    def look(execute, sql, params, many, context):
        named = any(value == owner.pk for value in _values(params))
        if many or not PLANNED.match(sql) or (named and sql in _good):
            return execute(sql, params, many, context)
        before = len(wrong)
        if any(table in sql for table in tables):
            for scan in _scans(_plan(sql, params)):
                if scan.get("Relation Name") not in tables:
                    continue
                if not any(
                    names_the_owner(scan.get(key, ""), constant) for key in CONDITIONS
                ):
                    said = {key: scan[key] for key in CONDITIONS if key in scan}
                    wrong.append(
                        f"{scan['Relation Name']} {said}: {sql % _shown(params)}"
                    )
        if named and len(wrong) == before:
            _good.add(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield wrong


def _plan(sql, params):
    # Past the wrappers: this one is not to be watched.
    with connection.connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON, VERBOSE) {sql}", params)
        found = cursor.fetchone()[0]
    return (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]


def _scans(node):
    if "Scan" in node["Node Type"]:
        yield node
    for child in node.get("Plans", ()):
        yield from _scans(child)


def names_the_owner(condition, constant):
    """Whether the constant is one of the terms that must all hold, or stands in each
    of those of which one must: a bitmap scan goes through two arms of one index."""
    arms = _split(condition, " OR ")
    if len(arms) > 1:
        return all(names_the_owner(arm, constant) for arm in arms)
    if constant.fullmatch(condition):
        return True
    terms = _split(condition, " AND ")
    return len(terms) > 1 and any(names_the_owner(term, constant) for term in terms)


def _split(condition, word):
    """ "((a = 1) AND ((b = 2) OR (c = 3)))" → "(a = 1)", "((b = 2) OR (c = 3))";
    the condition alone where this word does not join it."""
    # "(is_done AND (b = 2))": all of it in one pair, which may begin with a bare word.
    inner = condition[1:-1] if condition.startswith("(") else condition
    depth, start, quoted, found = 0, 0, False, []
    for place, char in enumerate(inner):
        quoted ^= char == "'"
        if quoted:
            continue
        depth += (char == "(") - (char == ")")
        if depth < 0:  # the outer brackets were not a pair
            return [condition]
        if not depth and inner.startswith(word, place):
            found.append(inner[start:place])
            start = place + len(word)
    return [*found, inner[start:]] if found else [condition]


def _values(params):
    return params.values() if isinstance(params, dict) else params or ()


def _shown(params):
    if isinstance(params, dict):
        return {key: repr(value)[:60] for key, value in params.items()}
    return tuple(repr(value)[:60] for value in params or ())

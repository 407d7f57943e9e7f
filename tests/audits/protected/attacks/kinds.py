"""What an attack is, and the statements that several of them use."""

from dataclasses import dataclass

COPY = (
    "CREATE FUNCTION public.copy_it() RETURNS trigger LANGUAGE plpgsql AS "
    "'BEGIN RETURN NEW; END'; GRANT EXECUTE ON FUNCTION public.copy_it() TO PUBLIC"
)
UNCOPY = "DROP FUNCTION public.copy_it() CASCADE"
SPY = "CREATE FUNCTION public.spy(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'"
UNSPY = "DROP FUNCTION public.spy(text) CASCADE"
READER = "CREATE ROLE wall_test_reader"
UNREADER = "DROP OWNED BY wall_test_reader; DROP ROLE wall_test_reader"


@dataclass(frozen=True)
class WallAttack:
    """Who does what, the words in which it is named, and how it is undone if setup does not."""

    by: str
    does: str
    named: str
    undo: str = ""
    harmless: bool = False  # once setup has repaired it, though something is left to undo

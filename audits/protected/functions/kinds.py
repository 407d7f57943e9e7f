"""What the code says of one walled function and of one trigger."""

from dataclasses import dataclass

PINNED = "search_path=protected, pg_temp"


@dataclass(frozen=True)
class Function:
    """One walled function: `name(arguments)`, what it returns, its body, and its callers.

    `callers` are aliases of databases: "default" is the web role, "protected" the audit role.
    """

    name: str
    arguments: str
    returns: str
    body: str
    callers: tuple[str, ...] = ()
    language: str = "plpgsql"
    definer: bool = True
    volatility: str = "VOLATILE"
    settings: tuple[str, ...] = ()  # besides search_path, each `name=value`

    @property
    def types(self) -> str:
        """The types of the arguments, which with the name identify the function."""
        parts = [part.strip() for part in self.arguments.split(",") if part.strip()]
        return ", ".join(part.split(" ", 1)[1].removeprefix("protected.") for part in parts)

    @property
    def signature(self) -> str:
        return f"{self.name}({self.types})"

    @property
    def config(self) -> list[str]:
        """What `pg_proc.proconfig` holds for this function."""
        return [PINNED, *self.settings]

    def _settings(self) -> str:
        return " ".join(f"SET {setting.replace('=', ' = ', 1)}" for setting in self.config)

    def statement(self) -> str:
        """Return the CREATE OR REPLACE FUNCTION."""
        security = "SECURITY DEFINER" if self.definer else "SECURITY INVOKER"
        return (
            f"CREATE OR REPLACE FUNCTION protected.{self.name}({self.arguments})\n"
            f"RETURNS {self.returns}\n"
            f"LANGUAGE {self.language} {self.volatility} {security} "
            f"{self._settings()}\nAS $walled${self.body}$walled$"
        )


@dataclass(frozen=True)
class WalledTrigger:
    """One trigger of a walled table: its name, its table, and what PostgreSQL prints after it."""

    name: str
    table: str
    timing: str
    function: str = "keep_readings"

    def statement(self) -> str:
        """Return the CREATE OR REPLACE TRIGGER."""
        return (
            f"CREATE OR REPLACE TRIGGER {self.name} {self.timing.format(table=self.table)} "
            f"EXECUTE FUNCTION protected.{self.function}()"
        )

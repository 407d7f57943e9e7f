"""`manage.py evidence`: the evidence log for operators. It needs the audit role."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from audits.actions import evidence
from audits.evidence.keys import SigningKey
from audits.management.walled import WalledCommand
from audits.protected import store
from audits.record import heads
from audits.runs.signing import signing_key
from tools.verify_evidence import DoesNotVerify, NotReadable, VerifierKey, verify_log


class Command(WalledCommand):
    help = (
        "Shows, exports or checks the evidence log, or gives it another key. The tick of the audit "
        "worker does the first two every minute."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="what", required=True)
        commands.add_parser("status", help="print the newest head, its key and what went wrong")
        commands.add_parser("export", help="append what waits, sign it and export it now")
        verify = commands.add_parser("verify", help="compute the exported log again")
        verify.add_argument("--folder", type=Path, help="default: EVIDENCE_FOLDER")
        verify.add_argument("--key", required=True, help="the log's first verifier key")
        rotate = commands.add_parser("rotate", help="enter a new signing key, signed by both")
        rotate.add_argument(
            "--out", type=Path, required=True, help="write the new signing key to this new file"
        )

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        if not store.holds_audit_role():
            raise CommandError("This process does not hold the audit role (AUDIT_DATABASE_URL).")
        try:
            getattr(self, f"_{what}")(**options)
        except (NotReadable, ValueError) as error:
            raise CommandError(str(error)) from error

    def _status(self, **options: Any) -> None:
        head = heads.newest()
        if head is None:
            self.stdout.write("The log has no signed head yet.")
            return
        self.stdout.write(f"{head.size} leaves are signed by {head.signer or 'nobody'}.")
        if head.problems:
            self.stdout.write(self.style.ERROR(head.problems))
        self.stdout.write(f"\n{head.checkpoint}")

    def _export(self, **options: Any) -> None:
        self.stdout.write(evidence.tick())
        head = heads.newest()
        if head and head.problems:
            raise CommandError(head.problems)

    def _verify(self, *, folder: Path | None, key: str, **options: Any) -> None:
        place = folder or evidence.export_folder()
        if place is None:
            raise CommandError("Name a folder, or set EVIDENCE_FOLDER.")
        try:
            checkpoint, signer = verify_log(place, VerifierKey.parse(key), (), [])
        except DoesNotVerify as error:
            raise CommandError(f"The log does not verify: {error}") from error
        self.stdout.write(f"All {checkpoint.size} leaves verify. The key that signs now: {signer}")

    def _rotate(self, *, out: Path, **options: Any) -> None:
        old = signing_key()
        new = SigningKey.make(old.name if old else "marquee")
        # The key first: a log that waits for a key that nobody has could never go on.
        try:
            with out.open("x") as file:
                out.chmod(0o600)
                file.write(new.dump() + "\n")
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error.strerror}.") from error
        evidence.rotate(new)
        where = "secrets/evidence in the data" if settings.EMBEDDED else "EVIDENCE_KEY"
        self.stdout.write(
            f"From now on {new.verifier} signs. Put the key of {out} in the place of {where} and "
            "restart the audit worker. Until then nothing is signed."
        )

"""What the command says in Vietnamese, by what it says in English."""

from kpi_cli.texts.adjusting import ADJUSTING
from kpi_cli.texts.appeals import APPEALS
from kpi_cli.texts.deliveries import DELIVERIES
from kpi_cli.texts.drafting import DRAFTING
from kpi_cli.texts.evidence import EVIDENCE
from kpi_cli.texts.headings import HEADINGS
from kpi_cli.texts.helps import HELPS
from kpi_cli.texts.okr import OKR
from kpi_cli.texts.options import OPTIONS
from kpi_cli.texts.planning import PLANNING
from kpi_cli.texts.records import RECORDS
from kpi_cli.texts.regulations import REGULATIONS
from kpi_cli.texts.scoring import SCORING
from kpi_cli.texts.sentences import SENTENCES
from kpi_cli.texts.watching import WATCHING

VIETNAMESE: dict[str, str] = (
    ADJUSTING
    | APPEALS
    | HELPS
    | OPTIONS
    | PLANNING
    | RECORDS
    | REGULATIONS
    | OKR
    | DELIVERIES
    | DRAFTING
    | EVIDENCE
    | HEADINGS
    | SENTENCES
    | SCORING
    | WATCHING
)

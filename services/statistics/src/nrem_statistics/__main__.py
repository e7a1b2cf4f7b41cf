"""`python -m nrem_statistics ROLE`: api, relay, consume, observe, migrate."""

from nrem_shared.runtime.roles import main
from nrem_statistics.app import BLUEPRINT
from nrem_statistics.settings import StatisticsSettings

if __name__ == "__main__":
    main(BLUEPRINT, StatisticsSettings)

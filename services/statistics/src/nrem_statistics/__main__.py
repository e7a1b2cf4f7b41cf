"""`python -m nrem_statistics ROLE`: api, relay, consume, observe, migrate."""

from nrem_shared.runtime.collecting import begin

if __name__ == "__main__":
    begin()
    from nrem_shared.runtime.roles import main
    from nrem_statistics.app import BLUEPRINT
    from nrem_statistics.settings import StatisticsSettings

    main(BLUEPRINT, StatisticsSettings)

"""`python -m nrem_plan_tracker ROLE`."""

from nrem_shared.runtime.collecting import begin

if __name__ == "__main__":
    begin()
    from nrem_plan_tracker.app import BLUEPRINT
    from nrem_plan_tracker.settings import PlanTrackerSettings
    from nrem_shared.runtime.roles import main

    main(BLUEPRINT, PlanTrackerSettings)

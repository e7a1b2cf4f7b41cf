"""`python -m nrem_plan_tracker ROLE`."""

from nrem_plan_tracker.app import BLUEPRINT
from nrem_plan_tracker.settings import PlanTrackerSettings
from nrem_shared.runtime.roles import main

if __name__ == "__main__":
    main(BLUEPRINT, PlanTrackerSettings)

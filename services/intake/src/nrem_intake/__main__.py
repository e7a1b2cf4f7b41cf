"""`python -m nrem_intake ROLE`."""

from nrem_intake.app import BLUEPRINT
from nrem_intake.settings import IntakeSettings
from nrem_shared.runtime.roles import main

if __name__ == "__main__":
    main(BLUEPRINT, IntakeSettings)

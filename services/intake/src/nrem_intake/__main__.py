"""`python -m nrem_intake ROLE`."""

from nrem_shared.runtime.collecting import begin

if __name__ == "__main__":
    begin()
    from nrem_intake.app import BLUEPRINT
    from nrem_intake.settings import IntakeSettings
    from nrem_shared.runtime.roles import main

    main(BLUEPRINT, IntakeSettings)

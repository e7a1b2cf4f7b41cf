"""`python -m nrem_notifier ROLE`."""

from nrem_shared.runtime.collecting import begin

if __name__ == "__main__":
    begin()
    from nrem_notifier.app import BLUEPRINT
    from nrem_notifier.settings import NotifierSettings
    from nrem_shared.runtime.roles import main

    main(BLUEPRINT, NotifierSettings)

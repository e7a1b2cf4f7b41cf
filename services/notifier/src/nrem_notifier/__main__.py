"""`python -m nrem_notifier ROLE`."""

from nrem_notifier.app import BLUEPRINT
from nrem_notifier.settings import NotifierSettings
from nrem_shared.runtime.roles import main

if __name__ == "__main__":
    main(BLUEPRINT, NotifierSettings)

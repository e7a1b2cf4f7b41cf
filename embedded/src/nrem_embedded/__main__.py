"""`python -m nrem_embedded`: the same as `nrem`."""

from nrem_embedded.cli import main

if __name__ == "__main__":
    main()

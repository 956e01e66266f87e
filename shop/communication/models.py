from oscar.apps.communication.models import *  # noqa: F403 - Oscar's models as they are

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "networkcrm.settings")
application = get_wsgi_application()

# What is loaded by now stays for good, so it need not be looked through for garbage;
# and a page makes tens of thousands of objects that go with it, so now and then is
# enough: a tenth of the time of a long list.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 50)

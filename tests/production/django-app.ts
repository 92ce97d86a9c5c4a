/** An application as it stood before tercet: Django with SQLite, two files of requirements, gunicorn in production, one test. */

export const DJANGO_APP: Readonly<Record<string, string>> = {
  'requirements.txt': 'Django>=4.2,<4.3\ngunicorn==23.0.0\n',
  'requirements-dev.txt': '-r requirements.txt\npytest>=8,<9\n',
  Procfile: 'web: gunicorn shopsite.wsgi\n',
  '.python-version': '3.11\n',
  '.gitignore': '*.pyc\n__pycache__/\n.venv/\ndb.sqlite3\nstatic/\n',
  'manage.py': `import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shopsite.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
`,
  'shopsite/__init__.py': '',
  'shopsite/settings.py': `import os

BASE_DIR = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SECRET_KEY = "for tests only"
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.staticfiles"]
ROOT_URLCONF = "shopsite.urls"
WSGI_APPLICATION = "shopsite.wsgi.application"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ.get("DB", os.path.join(BASE_DIR, "db.sqlite3"))}}
STATIC_URL = "/static/"
STATIC_ROOT = os.path.join(BASE_DIR, "static")
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
`,
  'shopsite/urls.py': `from django.http import HttpResponse
from django.urls import path


def front(request):
    return HttpResponse("the shop is open")


urlpatterns = [path("", front)]
`,
  'shopsite/wsgi.py': `import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shopsite.settings")
application = get_wsgi_application()
`,
  'conftest.py': '',
  'tests/test_front.py': `import os

os.environ["DJANGO_SETTINGS_MODULE"] = "shopsite.settings"
import django

django.setup()


def test_front():
    from django.test import Client

    assert Client().get("/").content == b"the shop is open"
`,
};

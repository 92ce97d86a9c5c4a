/**
 * Names of projects that many people install. A mistyped name is compared with these and with what is in the cache, so that
 * nothing has to be guessed at the index, where a guess may well be the name of an impostor.
 */
export const WELL_KNOWN: readonly string[] = `
absl-py aiobotocore aiofiles aiohttp aiosqlite airflow alembic altair amqp annotated-types ansible ansible-core anyio apache-airflow
apscheduler argcomplete arrow asgiref asyncpg attrs authlib autopep8 babel bandit bcrypt beautifulsoup4 billiard black bleach blinker
bokeh boto3 botocore bottle build cachetools cachecontrol cattrs celery certifi cffi chardet charset-normalizer cherrypy click cloudpickle
colorama coloredlogs configparser coverage cryptography cssselect cython dash dask databricks-sdk dataclasses-json datasets decorator
deprecated dill distlib distro django django-allauth django-celery-beat django-cors-headers django-debug-toolbar django-environ
django-extensions django-filter django-redis django-storages djangorestframework dnspython docker docopt docutils dramatiq duckdb
elasticsearch email-validator et-xmlfile eventlet execnet executing faker falcon fastapi fastavro filelock fire flake8 flask flask-admin
flask-cors flask-login flask-migrate flask-restful flask-sqlalchemy flask-wtf flit-core fonttools freezegun frozenlist fsspec furo future
gensim geopandas gevent gitpython google-api-core google-api-python-client google-auth google-cloud-bigquery google-cloud-storage
graphene graphql-core greenlet grpcio gunicorn h11 hatchling html5lib httpcore httptools httpx huey huggingface-hub humanize hypercorn
hypothesis idna imageio importlib-metadata importlib-resources inflection iniconfig invoke ipykernel ipython ipywidgets isodate isort
itsdangerous jax jedi jinja2 jmespath joblib jsonpatch jsonpath-ng jsonschema jupyter jupyterlab keras kombu kubernetes langchain lightgbm
litestar llvmlite locust loguru lxml mako mariadb markdown markdown-it-py markupsafe marshmallow matplotlib mccabe mkdocs mkdocs-material
mlflow mock mongoengine more-itertools motor msgpack multidict mypy mysqlclient nest-asyncio networkx nltk notebook nox numba numpy oauthlib
openai opencv-python openpyxl opentelemetry-api orjson packaging pandas paramiko parso pathspec peewee pendulum pexpect pika pillow pip
pip-tools pipenv pipx platformdirs playwright plotly pluggy poetry poetry-core polars portalocker pre-commit prometheus-client
prompt-toolkit protobuf psutil psycopg psycopg2 psycopg2-binary py-spy pyarrow pyasn1 pycodestyle pycparser pycryptodome pydantic
pydantic-core pydantic-settings pyflakes pygments pyinstaller pyjwt pylint pymongo pymysql pynacl pyodbc pyopenssl pyparsing pyperclip
pyproject-hooks pyramid pyright pyserial pyside6 pysocks pyspark pytest pytest-asyncio pytest-cov pytest-django pytest-mock pytest-xdist
python-dateutil python-decouple python-dotenv python-jose python-multipart python-slugify pytz pywin32 pyyaml pyzmq ray redis regex requests
requests-oauthlib requests-toolbelt responses rich rope rq rsa ruamel-yaml ruff s3fs s3transfer sanic scikit-image scikit-learn scipy scrapy
seaborn selenium semver sentry-sdk setuptools setuptools-scm shapely shellingham simplejson six sniffio sortedcontainers soupsieve spacy
sphinx sphinx-rtd-theme sqlalchemy sqlmodel sqlparse sqlglot starlette statsmodels streamlit structlog supervisor sympy tabulate tenacity
tensorboard tensorflow termcolor textual thefuzz threadpoolctl tiktoken toml tomli tomlkit torch torchvision tornado tox tqdm traitlets
transformers trio twine twisted typer types-requests typing-extensions tzdata tzlocal ujson uritemplate urllib3 uvicorn uvloop uwsgi
virtualenv waitress watchdog watchfiles wcwidth webencodings websocket-client websockets werkzeug wheel whitenoise wrapt wsproto wtforms
xgboost xlrd xlsxwriter xmltodict yarl zipp zope-interface
`
  .trim()
  .split(/\s+/);

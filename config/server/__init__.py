"""The web server: gunicorn with a worker that slow clients cannot occupy."""

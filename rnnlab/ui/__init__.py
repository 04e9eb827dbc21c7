"""What the screens share. Only this package, `app.py` and `pages/` know Streamlit."""

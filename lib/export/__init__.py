"""Files that leave the app: slides, briefs and spreadsheets. Imports all beneath it, and no Streamlit."""

"""Trains two versions of the model on scikit-learn's diabetes data: python train.py FOLDER

Writes FOLDER/diabetes/1/model.joblib (ridge regression) and FOLDER/diabetes/2/model.joblib (gradient boosting).
"""

import sys
from pathlib import Path

import joblib
from sklearn.datasets import load_diabetes
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.linear_model import Ridge

VERSIONS = {
    "1": Ridge(alpha=0.1),
    "2": GradientBoostingRegressor(n_estimators=100, max_depth=3, random_state=0),
}

features, progression = load_diabetes(return_X_y=True)
for version, model in VERSIONS.items():
    folder = Path(sys.argv[1], "diabetes", version)
    folder.mkdir(parents=True, exist_ok=True)
    joblib.dump(model.fit(features, progression), folder / "model.joblib")

"""Predicts with a model file directly, without the server: python predict.py MODEL_FILE < rows.json"""

import json
import sys

import joblib

model = joblib.load(sys.argv[1])
print(json.dumps(model.predict(json.load(sys.stdin)).tolist()))

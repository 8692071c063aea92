"""Predicts with a model file directly, without the server: python predict.py MODEL_FILE ROWS_AS_JSON"""

import json
import sys

import joblib

model = joblib.load(sys.argv[1])
print(json.dumps(model.predict(json.loads(sys.argv[2])).tolist()))

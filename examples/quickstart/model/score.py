"""Azure ML entry script: predicts the progression of diabetes after one year from ten measurements."""

import os

import joblib
import numpy as np
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType
from inference_schema.schema_decorators import input_schema, output_schema

SAMPLE_INPUT = np.array(
    [[0.0381, 0.0507, 0.0617, 0.0219, -0.0442, -0.0348, -0.0434, -0.0026, 0.0199, -0.0176]]
)
SAMPLE_OUTPUT = np.array([206.1])


def init():
    """Loads the model once per worker; AZUREML_MODEL_DIR chooses the version."""
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.joblib"))


@input_schema("data", NumpyParameterType(SAMPLE_INPUT, enforce_shape=False))
@output_schema(NumpyParameterType(SAMPLE_OUTPUT, enforce_shape=False))
def run(data):
    """Returns one prediction per row."""
    return model.predict(data).tolist()

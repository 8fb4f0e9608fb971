"""The usual Python stack for a model behind HTTP: FastAPI, uvicorn, XGBoost. Grades one item by the model alone.

It is given what makes it fast: an `async` route (no thread pool) and `inplace_predict` on one thread (no matrix is built). It
derives the plain features alone, and has neither rules nor validation of contradictions.
"""

import os

import numpy
import xgboost
from fastapi import FastAPI
from pydantic import BaseModel

GRADES = "abcde"
NAN = float("nan")
FEATURES = int(os.environ["FEATURES"])

booster = xgboost.Booster({"nthread": 1})
booster.load_model(os.environ["MODEL"])
app = FastAPI(openapi_url=None)


class Item(BaseModel):
    code: str | None = None
    categories: str | None = None
    energyKj: float = NAN
    fat: float = NAN
    saturatedFat: float = NAN
    carbohydrates: float = NAN
    sugars: float = NAN
    fibre: float = NAN
    proteins: float = NAN
    salt: float = NAN
    fruitShare: float = NAN


@app.get("/health/ready")
async def ready():
    return {"status": "ready"}


@app.post("/grade")
async def grade(item: Item):
    row = numpy.full((1, FEATURES), NAN, dtype=numpy.float32)
    row[0, :9] = (
        item.energyKj,
        item.fat,
        item.saturatedFat,
        item.carbohydrates,
        item.sugars,
        item.fibre,
        item.proteins,
        item.salt,
        item.fruitShare,
    )
    probabilities = booster.inplace_predict(row)[0]
    return {
        "code": item.code,
        "grade": GRADES[int(probabilities.argmax())],
        "probabilities": {name: round(float(p), 4) for name, p in zip(GRADES, probabilities)},
    }

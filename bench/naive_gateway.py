"""A gateway as it is often written: FastAPI, and one httpx client for all requests. UPSTREAM is where they go."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI, Request, Response

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
NOT_PASSED_ON = {"connection", "content-encoding", "content-length", "host", "transfer-encoding"}


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with httpx.AsyncClient(base_url=os.environ["UPSTREAM"]) as client:
        app.state.client = client
        yield


app = FastAPI(lifespan=lifespan)


@app.api_route("/{path:path}", methods=METHODS)
async def forward(path: str, request: Request) -> Response:
    answer = await request.app.state.client.request(
        request.method,
        f"/{path}",
        params=request.query_params,
        headers={name: value for name, value in request.headers.items() if name not in NOT_PASSED_ON},
        content=await request.body(),
    )
    headers = {name: value for name, value in answer.headers.items() if name not in NOT_PASSED_ON}
    return Response(answer.content, answer.status_code, headers)

"""What clients do with assets: upload them as the page does, and ask by GraphQL."""

from typing import Any, Final

from tests.gateway.conftest import Scene

FIELDS: Final = """
fragment Fields on Asset {
  id alias filename mimeType size hash isPublic tags description createdAt url
}
"""
ASSET: Final = "query($id: ID!) { asset(id: $id) { ...Fields } }" + FIELDS
ASSETS: Final = """
query($first: Int! = 20, $after: String, $search: String) {
  assets(first: $first, after: $after, search: $search) {
    edges { cursor node { id alias } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
UPDATE: Final = (
    """
mutation($input: UpdateAssetInput!) {
  updateAsset(input: $input) {
    __typename
    ... on UpdateAssetSuccess { asset { ...Fields } }
    ... on Failure { code message }
  }
}
"""
    + FIELDS
)
DELETE: Final = """
mutation($id: ID!) {
  deleteAsset(id: $id) {
    __typename
    ... on DeleteAssetSuccess { id usedIn }
    ... on Failure { code }
  }
}
"""
DATA: Final = b"\x89PNG\r\n\x1a\n a ship"


async def upload(
    scene: Scene, name: str = "ship.png", token: str | None = None, **fields: str
) -> dict[str, Any]:
    """What the page gets for an upload."""
    response = await scene.http.post(
        "/api/assets/upload",
        files={"file": (name, DATA, "image/png")},
        data=fields,
        headers={"Authorization": f"Bearer {token or scene.token}"},
    )
    assert response.status_code == 200, response.text
    asset: dict[str, Any] = response.json()["asset"]
    return asset


async def shown(scene: Scene, asset_id: str, token: str | None = None) -> dict[str, Any] | None:
    answer = await scene.query(ASSET, {"id": asset_id}, token)
    found: dict[str, Any] | None = answer["data"]["asset"]
    return found


async def listed(scene: Scene, **variables: Any) -> dict[str, Any]:
    page: dict[str, Any] = (await scene.query(ASSETS, variables))["data"]["assets"]
    return page


async def aliases(scene: Scene, search: str | None = None) -> list[str]:
    page = await listed(scene, search=search)
    return [edge["node"]["alias"] for edge in page["edges"]]


async def outcome(scene: Scene, document: str, variables: dict[str, Any]) -> dict[str, Any]:
    """The one result of a mutation."""
    (result,) = (await scene.query(document, variables))["data"].values()
    found: dict[str, Any] = result
    return found

import { element } from "/elements.js";

/** A project's picture, or a placeholder where there is none: then the answer is 404. */
export function thumbnail({ id }, token) {
  const place = element("span", { className: "thumbnail" });
  const address = `/api/projects/${id}/thumbnail?access_token=${token}`;
  const picture = element("img", { src: address, alt: "" });
  picture.onerror = () => picture.remove();
  place.append(picture);
  return place;
}

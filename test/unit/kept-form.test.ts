import { isKeptForm } from "../../src/journeys/description-and-comment.js";

const REQUESTED = { description: "Review 1", comment: "Bring a list" };

test.each([
  ["the same texts", REQUESTED],
  ["another case and other spaces", { description: " REVIEW  1 ", comment: "bring a list" }],
  ["the comment appended to the description", { description: "Review 1 - Bring a list" }],
  ["words around the description", { description: "GP: Review 1 (booked online)", comment: "Bring a list" }],
  ["both cut off", { description: "Rev", comment: "Bring" }],
])("a practice may have kept the requested texts as %s", (_case, kept) => {
  expect(isKeptForm(REQUESTED, kept)).toBe(true);
});

test.each([
  ["a longer word that begins like the description", { description: "Review 11", comment: "Bring a list" }],
  ["a longer word that ends like the description", { description: "XReview 1", comment: "Bring a list" }],
  ["an accented letter after it", { description: "Review 1é", comment: "Bring a list" }],
  ["another description", { description: "Smear test", comment: "Bring a list" }],
  ["no description", { comment: "Bring a list" }],
  ["no comment", { description: "Review 1" }],
])("%s is not what was requested", (_case, kept) => {
  expect(isKeptForm(REQUESTED, kept)).toBe(false);
});

test("a cut inside a number is not what was requested", () => {
  expect(isKeptForm({ description: "Room 12" }, { description: "Room 1" })).toBe(false);
  expect(isKeptForm({ description: "Room 12" }, { description: "Room" })).toBe(true);
});

test("a later occurrence as a whole word counts", () => {
  expect(isKeptForm({ description: "Review 1" }, { description: "Review 11, Review 1" })).toBe(true);
});

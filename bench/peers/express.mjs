// What many would write first: a route behind a token that jsonwebtoken checks.
import express from "express";
import jsonwebtoken from "jsonwebtoken";

const secret = process.env.JWT_SECRET_KEY ?? "";

const server = express()
  .disable("x-powered-by")
  .use((request, response, next) => {
    try {
      const token = (request.headers.authorization ?? "").replace(/^Bearer /, "");
      response.locals.caller = jsonwebtoken.verify(token, secret, { algorithms: ["HS256"] });
      next();
    } catch {
      response.status(401).json({ error: { code: "UNAUTHORIZED" } });
    }
  })
  .get("/session", (_request, response) => {
    const { sub, role } = response.locals.caller;
    response.json({ id: sub, role });
  })
  .listen(0, "127.0.0.1", () => process.send?.(`http://127.0.0.1:${server.address().port}/session`));

process.on("disconnect", () => process.exit(0));

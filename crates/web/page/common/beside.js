// Whether the documents and the labs' reports lie beside the page, as `cargo xtask site` lays them. It writes this file with `true`.

export const BESIDE = false;

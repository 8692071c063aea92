// The quickstart: its stack, and what it shows.
export * from "./demonstration";
export * from "./predict-from-model-file";
export * from "./quickstart-stack";
export * from "./score";
export * from "./summarize";
export * from "./table";

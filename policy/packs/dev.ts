// A program: the pack of the profile `dev`.
import { startPack } from "./start-pack";

startPack("dev");

// A program: the pack of the profile `prod`.
import { startPack } from "./start-pack";

startPack("prod");

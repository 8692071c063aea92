// A program: the pack of the profile `regulated`.
import { startPack } from "./start-pack";

startPack("regulated");

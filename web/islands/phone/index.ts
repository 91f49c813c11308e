/** The bundle of the telephone desk alone: no other page pays for it. */
import { define } from "../dom";
import { PhoneDesk } from "./phone-desk";

define("phone-desk", PhoneDesk);

/** Every page loads this bundle: small islands; the map comes on demand (city-map.ts). */
import { CityClock } from "./city-clock";
import { CityMap } from "./city-map";
import { DisplaySwitch } from "./display-switch";
import { define } from "./dom";
import { DraftForm } from "./draft-form";
import { FormSheets } from "./form-sheets";
import { KeyboardList } from "./keyboard-list";
import { LiveMap } from "./live-map";
import { LiveRegion } from "./live-region";
import { OutboxList } from "./outbox/outbox-list";
import { PhotoField } from "./photo-field";
import { PlacePicker } from "./place-picker";
import { PushOffer } from "./push-offer";
import { ServiceSuggest } from "./service-suggest";
import { SpotAnswer } from "./spot-answer";
import { TextCount } from "./text-count";

define("city-clock", CityClock);
define("display-switch", DisplaySwitch);
define("city-map", CityMap);
define("draft-form", DraftForm);
define("form-sheets", FormSheets);
define("photo-field", PhotoField);
define("place-picker", PlacePicker);
define("service-suggest", ServiceSuggest);
define("spot-answer", SpotAnswer);
define("text-count", TextCount);
define("keyboard-list", KeyboardList);
define("live-region", LiveRegion);
define("live-map", LiveMap);
define("outbox-list", OutboxList);
define("push-offer", PushOffer);
// Needs HTTPS (or localhost); elsewhere everything works but the start without a network.
void navigator.serviceWorker?.register("/service-worker.js");

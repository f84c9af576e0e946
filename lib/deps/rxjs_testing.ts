/** RxJS' virtual-time scheduler for marble tests. Tests only. */
export { TestScheduler } from "npm:rxjs@7.8.2/testing";

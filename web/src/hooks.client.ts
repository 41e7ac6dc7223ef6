import type { HandleClientError } from "@sveltejs/kit";
import { Refused, toldAs } from "$lib/api/problems";

export const handleError: HandleClientError = ({ error, status, message }) => {
  if (error instanceof Refused) {
    return {
      message: error.message,
      status: error.status,
      ...(error.requestId === null ? {} : { requestId: error.requestId }),
    };
  }
  if (status === 404) return { message: "There is nothing at this address.", status };
  console.error(message, error);
  return { message: toldAs(error), status };
};

export default {
  queue(batch: MessageBatch) {
    batch.retryAll();
  },
};

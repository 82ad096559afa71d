/** Origins, such as `http://127.0.0.1:40001`. */
export interface SimcloudUrls {
  readonly openai: string;
  readonly azureOpenai: string;
  readonly anthropic: string;
  readonly bedrock: string;
  readonly bedrockMantle: string;
  readonly gemini: string;
  readonly vertexAi: string;
  /** See control-server.ts for its calls. */
  readonly control: string;
}
